import { constants } from 'node:fs';
import { copyFile, mkdtemp, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sqlite3 from 'sqlite3';
import { quoted, withDatabase } from './connection.ts';
import { mergeLog } from './merge-log.ts';

/** Where the header counts the transactions (sqlite.org/fileformat.html, 1.3.8). */
const CHANGE_COUNTER_OFFSET = 24;

/**
 * Makes `target` a consistent copy of an SQLite database that others may be writing, without writing beside it.
 * Nobody writing: the file's blocks are shared or copied. Otherwise SQLite takes the snapshot.
 */
export async function cloneSqlite(source: string, target: string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (await copyUnlessWritten(source, target)) return;
  try {
    // Holds SQLite's read lock for the whole copy. Needs -shm to be there already, or it would be created.
    if ((await exists(`${source}-wal`)) && !(await exists(`${source}-shm`)))
      throw new Error('No shared memory file');
    await withDatabase(source, sqlite3.OPEN_READONLY, `VACUUM INTO ${quoted(target)}`, signal, {
      mayAttach: true,
    });
  } catch {
    signal.throwIfAborted();
    await rm(target, { force: true });
    await recoverCopy(source, target, signal);
  }
}

/** Copies the file alone; false when a writer was, or may have been, at work meanwhile. */
async function copyUnlessWritten(source: string, target: string): Promise<boolean> {
  const before = await fingerprint(source);
  if (before === null) return false;
  await copyFile(source, target, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
  if ((await fingerprint(source)) === before) return true;
  await rm(target, { force: true });
  return false;
}

/** Changes whenever a transaction does; null while one is under way or its log is still to be merged. */
async function fingerprint(path: string): Promise<string | null> {
  const companions = await Promise.all(['-wal', '-journal'].map((suffix) => sizeOf(path + suffix)));
  if (companions.some((size) => size > 0)) return null;
  const file = await open(path, 'r');
  try {
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, CHANGE_COUNTER_OFFSET);
    const { size, mtimeNs } = await file.stat({ bigint: true });
    return `${size}:${mtimeNs}:${buffer.toString('hex')}`;
  } finally {
    await file.close();
  }
}

/** What a crash left: the database and its log are copied together, and SQLite merges them in the copy. */
async function recoverCopy(source: string, target: string, signal: AbortSignal): Promise<void> {
  const directory = await mkdtemp(join(dirname(target), 'recover-'));
  const copy = join(directory, 'database');
  try {
    for (const suffix of ['', '-wal', '-journal']) {
      const isThere = suffix === '' || (await exists(source + suffix));
      if (isThere) await copyFile(source + suffix, copy + suffix, constants.COPYFILE_FICLONE);
    }
    await mergeLog(copy, signal);
    await rename(copy, target);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

const sizeOf = (path: string) =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
