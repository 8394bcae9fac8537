import { chmod, lchown, lstat, mkdir, realpath, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { VitrineError } from '#shared/errors.ts';
import { podOwner } from '../../runtimes/ownership.ts';
import type { DatabaseSpec } from '../database.ts';

/** Own directory: SQLite keeps its -wal and -shm files beside the database. */
const DIRECTORY = 'database';
export const FILE = 'database.sqlite';

/**
 * Where an environment's database is, in a directory that its pod may write to. It is replaced as a whole directory,
 * because a log that belongs to another database must never lie beside it:
 *
 *     database.partial   being filled
 *     database.new       complete
 *     database           in use
 *     database.old       was in use
 *
 * Whenever a crash comes, `recover` finds either the old or the new one.
 */
export class DatabasePlace {
  readonly #spec: DatabaseSpec;
  readonly directory: string;
  readonly file: string;

  constructor(spec: DatabaseSpec) {
    if (resolve(spec.dataDirectory) !== spec.dataDirectory) throw notAbsolute(spec.dataDirectory);
    this.#spec = spec;
    this.directory = join(spec.dataDirectory, DIRECTORY);
    this.file = join(this.directory, FILE);
  }

  /** The file's path with every link above the environment's directory resolved. */
  async realFile(): Promise<string> {
    return join(await realpath(this.#spec.dataDirectory), DIRECTORY, FILE);
  }

  /** Ends what a crash left undone, and tells whether there is a database. */
  async recover(): Promise<boolean> {
    await rm(`${this.directory}.partial`, { recursive: true, force: true });
    if (!(await isDirectory(this.directory))) {
      await rm(this.directory, { recursive: true, force: true });
      for (const suffix of ['.new', '.old']) {
        if (!(await isDirectory(this.directory + suffix))) continue;
        await rename(this.directory + suffix, this.directory);
        break;
      }
    }
    for (const suffix of ['.new', '.old'])
      await rm(this.directory + suffix, { recursive: true, force: true });
    return lstat(this.file).then(
      (entry) => entry.isFile(),
      () => false,
    );
  }

  /** Makes the database anew with `fill`, which writes the file it is given. What fails leaves the old one. */
  async replace(fill: (file: string) => Promise<void>, signal: AbortSignal): Promise<void> {
    await this.recover();
    const partial = `${this.directory}.partial`;
    const file = join(partial, FILE);
    try {
      // With its parents: the sandbox, which needs them too, is made at the same time.
      await mkdir(partial, { recursive: true, mode: 0o700 });
      await fill(file);
      // A clone has its template's permissions, which may be read-only.
      await chmod(file, 0o600);
      await giveToPod(this.#spec, [partial, file]);
      signal.throwIfAborted();
      await rename(partial, `${this.directory}.new`);
    } finally {
      await rm(partial, { recursive: true, force: true });
    }
    if (await isDirectory(this.directory)) await rename(this.directory, `${this.directory}.old`);
    await rename(`${this.directory}.new`, this.directory);
    await rm(`${this.directory}.old`, { recursive: true, force: true });
  }

  async remove(): Promise<void> {
    for (const suffix of ['.old', '.new', '.partial', ''])
      await rm(this.directory + suffix, { recursive: true, force: true });
  }
}

const isDirectory = (path: string): Promise<boolean> =>
  lstat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );

/** The pod may run as the worktree's owner while the companion is root. */
export async function giveToPod(spec: Pick<DatabaseSpec, 'worktree'>, paths: string[]): Promise<void> {
  const owner = process.getuid?.() === 0 ? await podOwner(spec.worktree) : null;
  if (!owner || owner.uid === 0) return;
  for (const path of paths) await lchown(path, owner.uid, owner.gid);
}

function notAbsolute(directory: string): VitrineError {
  return new VitrineError({
    code: 'DATABASE_PATH_INVALID',
    message: `Expected an absolute data directory, got "${directory}"`,
    remedy: 'Set VITRINE_HOME to an absolute path.',
  });
}
