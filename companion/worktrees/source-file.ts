import { isUtf8 } from 'node:buffer';
import { createHash, randomUUID } from 'node:crypto';
import { access, constants, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { MAX_FILE_BYTES } from '#shared/api/files.ts';
import { hasOddBytes } from '#shared/api/path-bytes.ts';
import type { BaseFile, SourceFile, WriteSource } from '#shared/api/source.ts';
import { VitrineError } from '#shared/errors.ts';
import { confinePath } from './confine-path.ts';
import { fileMissing, fileTooLarge } from './file-errors.ts';
import { git, gitBytes } from './git.ts';
import { confineToRead, requireTextName, splitPaths } from './path-bytes.ts';

/** Writes under way, by real path: two saves of one file come one after the other. */
const writing = new Map<string, Promise<unknown>>();

/** Reads a file of the worktree with a version that names its bytes. Throws FILE_MISSING. */
export async function readSource(worktree: string, path: string): Promise<SourceFile> {
  const real = await confineToRead(worktree, path);
  const entry = real === null ? null : await stat(real).catch(() => null);
  if (real === null || !entry?.isFile()) throw fileMissing(path);
  if (entry.size > MAX_FILE_BYTES)
    return { path, content: null, obstacle: 'too-large', size: entry.size, version: 'too-large' };
  const bytes = await readFile(real);
  const shown = textOf(bytes);
  if (hasOddBytes(path)) shown.obstacle ??= 'name-not-utf8';
  const isWritable = await access(real, constants.W_OK).then(
    () => true,
    () => false,
  );
  return {
    path,
    ...shown,
    obstacle: shown.obstacle ?? (isWritable ? undefined : 'read-only'),
    size: bytes.length,
    version: versionOf(bytes),
  };
}

/**
 * Replaces a file whole, keeping its mode and owner, but only where it still is the version that the content was made
 * from: what an agent wrote meanwhile is never overwritten. Throws SOURCE_CHANGED, FILE_TOO_LARGE or FILE_NOT_WRITTEN.
 */
export async function writeSource(worktree: string, request: WriteSource): Promise<{ version: string }> {
  const { path, content, version } = request;
  const bytes = Buffer.from(content);
  if (bytes.length > MAX_FILE_BYTES) throw fileTooLarge(path);
  requireTextName(path);
  const real = await confinePath(worktree, path);
  const before = writing.get(real) ?? Promise.resolve();
  const turn = before.then(
    () => replace(real, path, bytes, version),
    () => replace(real, path, bytes, version),
  );
  writing.set(real, turn);
  try {
    await turn;
  } finally {
    if (writing.get(real) === turn) writing.delete(real);
  }
  return { version: versionOf(bytes) };
}

/** A file as it was at a commit; null content where it was not there, or is nothing to show. */
export async function readAtCommit(
  worktree: string,
  path: string,
  commit: string | undefined,
  signal?: AbortSignal,
): Promise<BaseFile> {
  if (!hasOddBytes(path)) await confinePath(worktree, path);
  if (!commit) return { path, content: null };
  const object = hasOddBytes(path) ? await blobAt(worktree, path, commit, signal) : `${commit}:${path}`;
  if (!object) return { path, content: null };
  const size = Number(await git(worktree, ['cat-file', '-s', object], signal).catch(() => Number.NaN));
  if (Number.isNaN(size)) return { path, content: null };
  if (size > MAX_FILE_BYTES) return { path, content: null, obstacle: 'too-large' };
  const content = await git(worktree, ['cat-file', 'blob', object], signal);
  if (content.includes('\0')) return { path, content: null, obstacle: 'binary' };
  return { path, content };
}

/** The blob of a file whose name cannot be an argument, as those are text. */
async function blobAt(
  worktree: string,
  path: string,
  commit: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const listed = splitPaths(await gitBytes(worktree, ['ls-tree', '-r', '-z', '--full-tree', commit], signal));
  const line = listed.find((each) => each.slice(each.indexOf('\t') + 1) === path);
  return line?.split(/[ \t]/)[2]; // mode, type, object, then a tab and the path
}

async function replace(real: string, path: string, bytes: Buffer, version: string | null): Promise<void> {
  const entry = await stat(real).catch(() => null);
  if (entry && !entry.isFile()) throw fileMissing(path);
  await requireVersion(real, path, version);
  const temporary = join(dirname(real), `.${basename(real).slice(0, 100)}.${randomUUID()}`);
  try {
    const file = await open(temporary, 'wx', entry?.mode ?? 0o644);
    try {
      await file.writeFile(bytes);
      if (entry) {
        await file.chmod(entry.mode);
        // Who owned the file before must own it after, also when the companion runs as root.
        await file.chown(entry.uid, entry.gid).catch(() => undefined);
      }
    } finally {
      await file.close();
    }
    // Looked at again: writing took time in which an agent may have written, too.
    await requireVersion(real, path, version);
    await rename(temporary, real);
  } catch (error) {
    await rm(temporary, { force: true });
    if (error instanceof VitrineError) throw error;
    throw new VitrineError({
      code: 'FILE_NOT_WRITTEN',
      message: `${path} could not be written: ${(error as Error).message}.`,
      remedy: 'Check that its directory exists, is writable and has space left. The file is as it was.',
      status: 422,
      cause: error,
    });
  }
}

async function requireVersion(real: string, path: string, version: string | null): Promise<void> {
  const bytes = await readFile(real).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if ((bytes === null ? null : versionOf(bytes)) === version) return;
  throw new VitrineError({
    code: 'SOURCE_CHANGED',
    message: `${path} was changed by somebody else meanwhile.`,
    remedy: 'Read it again and bring both changes together. Nothing was written.',
    status: 409,
  });
}

function textOf(bytes: Buffer): Pick<SourceFile, 'content' | 'obstacle'> {
  if (bytes.includes(0)) return { content: null, obstacle: 'binary' };
  // Shown with replacement characters; written back, those would be the file.
  return isUtf8(bytes)
    ? { content: bytes.toString('utf8') }
    : { content: bytes.toString('utf8'), obstacle: 'not-utf8' };
}

function versionOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('base64url');
}
