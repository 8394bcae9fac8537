import { createHash } from 'node:crypto';
import { lstatSync, realpathSync } from 'node:fs';
import { cp, mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Of /etc only what programs need to start, to name users and to trust certificates: no keys, no secrets. */
const SHOWN = [
  'alternatives',
  'ca-certificates',
  'crypto-policies',
  'debian_version',
  'fonts',
  'group',
  'ld.so.cache',
  'ld.so.conf',
  'ld.so.conf.d',
  'localtime',
  'mime.types',
  'nsswitch.conf',
  'os-release',
  'passwd',
  'pki/tls/certs',
  'pki/ca-trust/extracted',
  'protocols',
  'services',
  'ssl/certs',
  'ssl/openssl.cnf',
  'timezone',
];

const PREFIX = 'etc-';
/** Copies that no pod was made with for this long are removed. */
const STALE_MS = 24 * 3_600_000;

const copies = new Map<string, Promise<string>>();

/**
 * A directory with the parts of /etc that sandboxes see, as they are now. A copy, shown with one mount instead of
 * twenty: bubblewrap reads the list of all mounts for each, which took half of the time it needs.
 */
export async function etcCopy(stateDirectory: string): Promise<string> {
  const directory = join(stateDirectory, `${PREFIX}${fingerprint()}`);
  let made = copies.get(directory);
  if (!made) {
    made = copy(directory).catch((error: unknown) => {
      copies.delete(directory);
      throw error;
    });
    copies.set(directory, made);
  }
  return made;
}

/** Changes with every change of what is shown: a file's, or an entry's in a directory. */
function fingerprint(): string {
  const hash = createHash('sha256');
  for (const name of SHOWN) {
    try {
      const real = realpathSync(join('/etc', name));
      const { ino, mtimeMs, ctimeMs, size } = lstatSync(real);
      hash.update(`${name} ${real} ${ino} ${mtimeMs} ${ctimeMs} ${size}\n`);
    } catch {
      // Not on this machine.
    }
  }
  return hash.digest('hex').slice(0, 16);
}

async function copy(directory: string): Promise<string> {
  const now = new Date();
  if (await stat(join(directory, '.complete')).catch(() => null)) {
    await utimes(directory, now, now).catch(() => {});
    return directory;
  }
  const partial = `${directory}.${process.pid}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true, mode: 0o755 });
  try {
    for (const name of SHOWN) {
      const source = realFile(join('/etc', name));
      if (!source) continue;
      await mkdir(dirname(join(partial, name)), { recursive: true, mode: 0o755 });
      // Links inside stay links: what they lead to is shown too, or is nothing's business.
      const options = { recursive: true, verbatimSymlinks: true, preserveTimestamps: true };
      // One unreadable file (a private one of an odd set-up) is no reason to have no sandboxes.
      await cp(source, join(partial, name), options).catch(() => {});
    }
    await writeFile(join(partial, 'hosts'), ''); // each pod's own is mounted there
    await writeFile(join(partial, '.complete'), '');
    await rm(directory, { recursive: true, force: true });
    await rename(partial, directory);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  await removeStale(directory);
  return directory;
}

async function removeStale(current: string): Promise<void> {
  const parent = dirname(current);
  for (const name of await readdir(parent)) {
    const path = join(parent, name);
    if (!name.startsWith(PREFIX) || path === current) continue;
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > STALE_MS) await rm(path, { recursive: true, force: true });
  }
}

function realFile(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null; // not on this machine
  }
}
