import { constants } from 'node:fs';
import { copyFile, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { environmentIdSchema } from '#shared/identifiers.ts';
import type { Snapshot } from '../database.ts';
import { checkSnapshotCount, checkSnapshotName, snapshotUnknown } from '../snapshot-rules.ts';
import { copyFromPod } from './pod-copy.ts';

const SUFFIX = '.sqlite';

/** Snapshots of environments' databases, kept where no pod reaches them: one directory for each environment. */
export class SqliteSnapshots {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async list(environmentId: string): Promise<Snapshot[]> {
    const directory = this.#of(environmentId);
    const names = (await readdir(directory).catch(() => [])).filter((name) => name.endsWith(SUFFIX));
    const snapshots = await Promise.all(
      names.map(async (name) => {
        const { mtimeMs, size } = await stat(join(directory, name));
        return { name: decode(name), createdAt: Math.floor(mtimeMs), bytes: size };
      }),
    );
    return snapshots.sort((a, b) => b.createdAt - a.createdAt);
  }

  /** Keeps a copy of the database at `source`. */
  async take(environmentId: string, name: string, source: string, signal: AbortSignal): Promise<void> {
    checkSnapshotName(name);
    checkSnapshotCount(name, await this.list(environmentId));
    const directory = this.#of(environmentId);
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const partial = join(directory, `${encode(name)}.partial`);
    try {
      await copyFromPod(source, partial, signal);
      await rename(partial, join(directory, encode(name) + SUFFIX));
    } finally {
      await rm(partial, { force: true });
    }
  }

  /** Copies a snapshot to `target`. Throws SNAPSHOT_UNKNOWN. */
  async copy(environmentId: string, name: string, target: string): Promise<void> {
    const path = join(this.#of(environmentId), encode(name) + SUFFIX);
    try {
      await copyFile(path, target, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      throw snapshotUnknown(name, await this.list(environmentId));
    }
  }

  /** Removes one of them. Throws SNAPSHOT_UNKNOWN. */
  async forget(environmentId: string, name: string): Promise<void> {
    try {
      await rm(join(this.#of(environmentId), encode(name) + SUFFIX));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      throw snapshotUnknown(name, await this.list(environmentId));
    }
  }

  async remove(environmentId: string): Promise<void> {
    await rm(this.#of(environmentId), { recursive: true, force: true });
  }

  async sweep(known: ReadonlySet<string>): Promise<void> {
    for (const id of await readdir(this.#directory).catch(() => [])) {
      const directory = join(this.#directory, id);
      if (!known.has(id)) await rm(directory, { recursive: true, force: true });
      else
        for (const name of await readdir(directory))
          if (!name.endsWith(SUFFIX)) await rm(join(directory, name), { recursive: true, force: true });
    }
  }

  #of(environmentId: string): string {
    return join(this.#directory, environmentIdSchema.parse(environmentId));
  }
}

/** Two names that differ in case alone are two, whatever the file system thinks. */
const encode = (name: string) => Buffer.from(name).toString('hex');
const decode = (file: string) => Buffer.from(file.slice(0, -SUFFIX.length), 'hex').toString();
