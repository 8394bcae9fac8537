import { constants } from 'node:fs';
import { chmod, cp, mkdir, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { z } from 'zod';
import type { ServerPackage } from './package.ts';
import type { ServerPlace } from './place.ts';

/**
 * Left out of the copy: what is for building programs, and extensions that reach files, other servers or languages
 * without a sandbox. Only a superuser could load them, and no task is one.
 */
const UNWANTED =
  /\.a$|[/\\](?:pkgconfig|pgxs|doc)$|[/\\](?:pg_ctl|\w*plperlu?|\w*plpython3u?|\w*pltclu?|dblink|file_fdw|postgres_fdw|basebackup_to_shell|basic_archive|auth_delay|libpqwalreceiver)[^/\\]*$/;

const linksSchema = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * Copies the server's programs to its place, once for each version, and returns the directory. A copy, because the
 * package lacks links that npm cannot carry, may lie where the server's account cannot enter, and goes with the next
 * `npm ci` while the server runs.
 */
export async function installServer({ native, version }: ServerPackage, place: ServerPlace): Promise<string> {
  const directory = join(place.directory, `programs-${version}`);
  if (await stat(directory).catch(() => null)) return directory;
  const partial = `${directory}.partial`;
  await rm(partial, { recursive: true, force: true });
  try {
    await cp(native, partial, {
      recursive: true,
      verbatimSymlinks: true,
      mode: constants.COPYFILE_FICLONE,
      filter: (source) => !UNWANTED.test(source),
    });
    await makeLinks(native, partial);
    await makeReadable(partial);
    await rename(partial, directory);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  await removeOthers(place.directory, basename(directory));
  return directory;
}

/** The links that the package's own install script makes, in case it was not run. */
async function makeLinks(native: string, target: string): Promise<void> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const link of linksSchema.parse(JSON.parse(list))) {
    const [from, to] = [link.target, link.source].map((path) => join(target, relative('native', path)));
    if (!from || !to) continue;
    await mkdir(dirname(from), { recursive: true });
    await symlink(relative(dirname(from), to), from).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

/** npm keeps modes, but a package installed with a strict umask would be out of the account's reach. */
async function makeReadable(directory: string): Promise<void> {
  await chmod(directory, 0o755);
  for (const entry of await readdir(directory, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    const isProgram = basename(entry.parentPath) === 'bin';
    if (entry.isDirectory()) await chmod(path, 0o755);
    else if (entry.isFile()) await chmod(path, isProgram ? 0o755 : 0o644);
  }
}

async function removeOthers(directory: string, current: string): Promise<void> {
  for (const name of await readdir(directory))
    if (name.startsWith('programs-') && name !== current)
      await rm(join(directory, name), { recursive: true, force: true });
}
