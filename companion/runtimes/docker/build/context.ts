import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, lstat, open, opendir, readlink, realpath } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';
import ignore from '@balena/dockerignore';
import { VitrineError } from '#shared/errors.ts';
import { confinePath } from '../../../worktrees/confine-path.ts';
import { isInside } from '../../../worktrees/is-inside.ts';

/** What a build may be given. An app's sources are a hundredth; more is a forgotten .dockerignore. */
export const MAX_CONTEXT_BYTES = 1024 * 1024 * 1024;
const MAX_CONTEXT_FILES = 50_000;
const MAX_DOCKERFILE_BYTES = 1024 * 1024;
const CHUNK_BYTES = 256 * 1024;
const DOCKERIGNORE = '.dockerignore';

export interface ContextEntry {
  /** Relative to the context, with slashes. */
  path: string;
  kind: 'file' | 'directory' | 'symlink';
  /** Permission bits. */
  mode: number;
  bytes: number;
  /** SHA-256 of a file's content. */
  digest?: string;
  /** Where a link leads: kept as it is, never followed. */
  target?: string;
}

/** All that goes into a build. */
export interface BuildContext {
  directory: string;
  dockerfile: string;
  /** As the configuration names it. */
  dockerfileName: string;
  entries: ContextEntry[];
  /** Of everything above, contents included. */
  hash: string;
}

/**
 * Reads what a Dockerfile of the worktree is built from. Both paths (absolute, or relative to the worktree) stay
 * inside the worktree, links included; git's own directory, what .dockerignore names, and everything that is neither
 * file, directory nor link are left out. Throws PATH_OUTSIDE_WORKTREE, DOCKERFILE_MISSING, BUILD_CONTEXT_TOO_LARGE.
 */
export async function readContext(
  worktree: string,
  image: { dockerfile: string; context: string },
  signal: AbortSignal,
): Promise<BuildContext> {
  const root = await realpath(worktree);
  const directory = await confined(worktree, image.context);
  const dockerfilePath = await confined(worktree, image.dockerfile);
  const dockerfile = await readSmall(dockerfilePath, root);
  if (dockerfile === null) throw missing(image.dockerfile);
  const entries = await listEntries(directory, await ignoreRules(root, directory, dockerfilePath), signal);
  const hash = createHash('sha256').update(dockerfile);
  for (const entry of entries) {
    if (entry.kind === 'file') entry.digest = await digestOf(directory, entry, signal);
    hash.update(JSON.stringify([entry.kind, entry.path, entry.mode, entry.digest, entry.target]));
  }
  return { directory, dockerfile, dockerfileName: image.dockerfile, entries, hash: hash.digest('hex') };
}

/**
 * Opens a file, and only a file that really lies in the directory: a link put in its place, or in its way, since it
 * was listed is refused.
 */
async function openInside(path: string, directory: string): Promise<FileHandle> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    // The way there may have been changed too; what was opened tells, where the system does.
    const real = await realpath(process.platform === 'linux' ? `/proc/self/fd/${file.fd}` : path);
    if (!isInside(directory, real) || !(await file.stat()).isFile()) throw outside(path);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function digestOf(directory: string, entry: ContextEntry, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of readEntry(directory, entry, signal)) hash.update(chunk);
  return hash.digest('hex');
}

/**
 * The content of a file of the context, exactly as long and (where its digest is known) exactly as it was. Throws
 * BUILD_CONTEXT_CHANGED.
 */
export async function* readEntry(
  directory: string,
  entry: ContextEntry,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const file = await openInside(join(directory, entry.path), directory);
  const hash = createHash('sha256');
  let left = entry.bytes;
  for await (const chunk of file.createReadStream({ signal, highWaterMark: CHUNK_BYTES })) {
    left -= chunk.length;
    if (left < 0) throw changed(entry);
    hash.update(chunk);
    yield chunk;
  }
  if (left !== 0 || (entry.digest !== undefined && entry.digest !== hash.digest('hex'))) throw changed(entry);
}

interface IgnoreRules {
  isIgnored(path: string): boolean;
  /** Some rule brings back what another one left out, so that ignored directories must be looked into. */
  hasExceptions: boolean;
}

/** Of `<Dockerfile>.dockerignore`, else of the context's `.dockerignore`. */
async function ignoreRules(root: string, directory: string, dockerfile: string): Promise<IgnoreRules> {
  const text =
    (await readSmall(`${dockerfile}${DOCKERIGNORE}`, root)) ??
    (await readSmall(join(directory, DOCKERIGNORE), root)) ??
    '';
  const rules = ignore({ ignorecase: false }).add(text);
  return { isIgnored: (path) => rules.ignores(path), hasExceptions: /^\s*!/m.test(text) };
}

async function listEntries(
  directory: string,
  { isIgnored, hasExceptions }: IgnoreRules,
  signal: AbortSignal,
): Promise<ContextEntry[]> {
  const entries: ContextEntry[] = [];
  let bytes = 0;
  const visit = async (below: string): Promise<void> => {
    for await (const { name } of await opendir(join(directory, below))) {
      signal.throwIfAborted();
      const path = below === '' ? name : `${below}/${name}`;
      if (path === '.git') continue;
      const found = await lstat(join(directory, path)).catch(() => null); // gone since
      if (!found) continue;
      const isKept = !isIgnored(path);
      const mode = found.mode & 0o777;
      if (found.isDirectory()) {
        if (isKept) entries.push({ path, kind: 'directory', mode, bytes: 0 });
        if (isKept || hasExceptions) await visit(path);
      } else if (isKept && found.isFile()) {
        entries.push({ path, kind: 'file', mode, bytes: found.size });
        bytes += found.size;
      } else if (isKept && found.isSymbolicLink()) {
        const target = await readlink(join(directory, path));
        entries.push({ path, kind: 'symlink', mode, bytes: 0, target });
      }
      if (bytes > MAX_CONTEXT_BYTES || entries.length > MAX_CONTEXT_FILES) throw tooLarge(directory);
    }
  };
  await visit('');
  return entries.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function confined(worktree: string, path: string): Promise<string> {
  const root = await realpath(worktree);
  const way = isAbsolute(path) ? relative(worktree, path) : path;
  return way === '' || way === '.' ? root : confinePath(root, way);
}

/** Null when there is none. */
async function readSmall(path: string, within: string): Promise<string | null> {
  let file: FileHandle;
  try {
    file = await openInside(path, within);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  try {
    if ((await file.stat()).size > MAX_DOCKERFILE_BYTES) throw tooLarge(path);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

const missing = (name: string) =>
  new VitrineError({
    code: 'DOCKERFILE_MISSING',
    message: `There is no ${name} in the worktree`,
    remedy:
      'Correct isolation.backend.dockerfile in .vibe-kanban/environment.yaml; the path is relative to the worktree.',
    status: 422,
  });

const outside = (path: string) =>
  new VitrineError({
    code: 'PATH_OUTSIDE_WORKTREE',
    message: `${path} is no file of the worktree`,
    remedy: 'Builds only take files of the worktree, without links that lead out of it.',
    status: 422,
  });

const tooLarge = (path: string) =>
  new VitrineError({
    code: 'BUILD_CONTEXT_TOO_LARGE',
    message: `${path} holds more than ${MAX_CONTEXT_BYTES / 1024 ** 3} GB or ${MAX_CONTEXT_FILES} files for a build`,
    remedy: 'Name what the image does not need (node_modules, build output) in a .dockerignore file.',
    status: 422,
  });

const changed = ({ path }: ContextEntry) =>
  new VitrineError({
    code: 'BUILD_CONTEXT_CHANGED',
    message: `${path} changed while the image’s files were read`,
    remedy: 'Start the environment again.',
    status: 409,
  });
