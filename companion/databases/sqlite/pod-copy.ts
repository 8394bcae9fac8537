import { constants } from 'node:fs';
import { copyFile, type FileHandle, lstat, mkdtemp, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { VitrineError } from '#shared/errors.ts';
import { placeOfOpen } from '../../worktrees/open-place.ts';
import { whileReading } from './connection.ts';
import { mergeLog } from './merge-log.ts';

const ATTEMPTS = 20;
const PAUSE_MS = 50;
/** Kernels stamp files with the time of the last tick, at most 10 ms ago. */
const TICK_MS = 20;

/**
 * Makes `target` a consistent copy of a database in a directory that a pod may write to, also while its services
 * use it. Whatever the pod put there instead, only files that lie at this very path are read: a link to another
 * database of this machine gives an error. `target` must be out of the pod's reach.
 */
export async function copyFromPod(source: string, target: string, signal: AbortSignal): Promise<void> {
  const directory = await mkdtemp(join(dirname(target), 'copy-'));
  const copy = join(directory, basename(target));
  try {
    await whileReading(source, signal, () => copyParts(source, copy, ['', '-wal'])).catch(async (error) => {
      signal.throwIfAborted();
      if (error instanceof VitrineError) throw error;
      // SQLite cannot read what a crash left without writing beside it.
      await copyWhenQuiet(source, copy, signal);
    });
    await mergeLog(copy, signal);
    signal.throwIfAborted();
    await rename(copy, target);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** The database is read before its log: what a checkpoint moves meanwhile is then in both. */
async function copyParts(source: string, copy: string, suffixes: string[]): Promise<void> {
  for (const suffix of suffixes) {
    const file = await openPart(source + suffix);
    if (!file) {
      if (suffix === '') throw foreign(source);
      continue;
    }
    try {
      await copyOpenFile(file, source + suffix, copy + suffix);
    } finally {
      await file.close();
    }
  }
}

/** Copies database, log and journal at a moment when nobody wrote. */
async function copyWhenQuiet(source: string, copy: string, signal: AbortSignal): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const before = await fingerprint(source);
    if (before.newest < Date.now() - TICK_MS) {
      await copyParts(source, copy, ['', '-wal', '-journal']);
      if ((await fingerprint(source)).text === before.text) return;
      for (const suffix of ['', '-wal', '-journal']) await rm(copy + suffix, { force: true });
    }
    await delay(PAUSE_MS, undefined, { signal });
  }
  throw new VitrineError({
    code: 'DATABASE_BUSY',
    message: 'The database is being written to without a pause',
    remedy: 'Suspend the environment and try again.',
    status: 409,
  });
}

async function fingerprint(path: string): Promise<{ text: string; newest: number }> {
  const parts = await Promise.all(
    ['', '-wal', '-journal'].map((suffix) => lstat(path + suffix, { bigint: true }).catch(() => null)),
  );
  const text = parts.map((part) => (part ? `${part.ino} ${part.size} ${part.mtimeNs}` : '-')).join(', ');
  return { text, newest: Math.max(...parts.map((part) => Number(part?.mtimeMs ?? 0n))) };
}

/** Opens the regular file at exactly this path; null when nothing is there. */
async function openPart(path: string): Promise<FileHandle | null> {
  // Without O_NONBLOCK a named pipe would block a thread until somebody writes to it.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(path, flags).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw foreign(path, error);
  });
  if (!file) return null;
  try {
    const isFile = (await file.stat()).isFile();
    if (!isFile || (await placeOfOpen(file, path)) !== path) throw foreign(path);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** By its descriptor, so that it is the file that was looked at, and its blocks are shared where that is possible. */
const copyOpenFile = (file: FileHandle, path: string, target: string): Promise<void> =>
  copyFile(
    process.platform === 'linux' ? `/proc/self/fd/${file.fd}` : path,
    target,
    constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL,
  );

function foreign(path: string, cause?: unknown): VitrineError {
  return new VitrineError({
    code: 'DATABASE_PATH_INVALID',
    message: `Expected a database file at ${path}, found something else or a link`,
    remedy: 'Put the database back with vitrine db reset <id>.',
    status: 409,
    cause,
  });
}
