import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type FileList, MAX_FILE_BYTES } from '#shared/api/files.ts';
import { lossyPath } from '#shared/api/path-bytes.ts';
import { VitrineError } from '#shared/errors.ts';
import { confinePath } from './confine-path.ts';
import { fileMissing, fileTooLarge } from './file-errors.ts';
import { gitBytes } from './git.ts';
import { confineToRead, placeOf, requireTextName, splitPaths } from './path-bytes.ts';

/** Most files one listing names; larger worktrees say `truncated`. */
const MAX_LISTED_FILES = 20_000;
/** Files looked at together, so that a large tree does not exhaust file handles. */
const STAT_BATCH = 64;

/** The worktree's files as git sees them: tracked, and untracked ones that are not ignored. */
export async function listFiles(worktree: string, signal?: AbortSignal): Promise<FileList> {
  const output = await gitBytes(
    worktree,
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'],
    signal,
  );
  const names = splitPaths(output);
  const files: FileList['files'] = [];
  for (let start = 0; start < names.length && files.length < MAX_LISTED_FILES; start += STAT_BATCH) {
    const batch = names.slice(start, start + STAT_BATCH).map(async (path) => {
      const entry = await stat(placeOf(worktree, path)).catch(() => null); // deleted, or a dangling link
      return entry?.isFile() ? [{ path, size: entry.size, mtimeMs: entry.mtimeMs }] : [];
    });
    files.push(...(await Promise.all(batch)).flat());
  }
  return { files: files.slice(0, MAX_LISTED_FILES), truncated: names.length > MAX_LISTED_FILES };
}

/** Reads a text file of the worktree. Throws FILE_MISSING, FILE_TOO_LARGE or FILE_BINARY. */
export async function readWorktreeFile(worktree: string, path: string) {
  const real = await confineToRead(worktree, path);
  const entry = real === null ? null : await stat(real).catch(() => null);
  if (real === null || !entry?.isFile()) throw fileMissing(path);
  if (entry.size > MAX_FILE_BYTES) throw fileTooLarge(path);
  const bytes = await readFile(real);
  if (bytes.includes(0)) {
    throw new VitrineError({
      code: 'FILE_BINARY',
      message: `${lossyPath(path)} is not a text file.`,
      remedy: 'Open it with a program made for its format.',
      status: 415,
    });
  }
  return { path, content: bytes.toString('utf8'), mtimeMs: entry.mtimeMs };
}

/** Replaces a file of the worktree whole, keeping its mode. The directory must exist. */
export async function writeWorktreeFile(worktree: string, path: string, content: string): Promise<void> {
  if (Buffer.byteLength(content) > MAX_FILE_BYTES) throw fileTooLarge(path);
  requireTextName(path);
  const real = await confinePath(worktree, path);
  const entry = await stat(real).catch(() => null);
  if (entry && !entry.isFile()) throw fileMissing(path);
  const temporary = join(dirname(real), `.${basename(real)}.vitrine-${process.pid}`);
  try {
    const file = await open(temporary, 'wx', entry?.mode ?? 0o644);
    try {
      await file.writeFile(content);
      // Who owned the file before must own it after, also when the companion runs as root.
      if (entry) await file.chown(entry.uid, entry.gid).catch(() => undefined);
    } finally {
      await file.close();
    }
    await rename(temporary, real);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new VitrineError({
      code: 'FILE_NOT_WRITTEN',
      message: `${path} could not be written: ${(error as Error).message}.`,
      remedy: 'Check that its directory exists, is writable and has space left. The file is as it was.',
      status: 422,
      cause: error,
    });
  }
}
