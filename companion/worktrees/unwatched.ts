import type { Dirent } from 'node:fs';
import { join, sep } from 'node:path';
import { readText } from './read-text.ts';

/** Directories whose content never is an attempt's source. */
const UNWATCHED = new Set([
  'node_modules',
  '.git',
  '.hg',
  '.svn',
  '.jj',
  '.venv',
  '__pycache__',
  '.gradle',
  '.terraform',
  '.pnpm-store',
]);
/** One path and a few words. */
const MAX_POINTER_BYTES = 8 * 1024;
/** Entries that may say of the directory they are in that it is no source. */
const MARKERS = new Set(['CACHEDIR.TAG', 'pyvenv.cfg', '.git']);

export const isUnwatchedName = (name: string): boolean => UNWATCHED.has(name);

export const isMarker = (name: string): boolean => MARKERS.has(name);

export const isUnwatched = (worktree: string, path: string): boolean =>
  path.slice(worktree.length).split(sep).some(isUnwatchedName);

/**
 * Whether a directory below a worktree is none of its source, by what is in it: a cache that says so (a Rust `target`,
 * https://bford.info/cachedir), a virtual environment, or another worktree, which is another attempt's.
 */
export async function isForeign(
  directory: string,
  entries: readonly Pick<Dirent, 'name'>[],
): Promise<boolean> {
  for (const { name } of entries) {
    if (name !== '.git' && MARKERS.has(name)) return true;
    if (name === '.git' && (await isLinkedWorktree(directory))) return true;
  }
  return false;
}

/** A submodule's `.git` is a file, too; it leads to `modules`. */
async function isLinkedWorktree(directory: string): Promise<boolean> {
  const file = join(directory, '.git');
  const link = await readText(file, { maxBytes: MAX_POINTER_BYTES }).catch(() => ''); // a repository of its own
  return /^gitdir: .*[\\/]worktrees[\\/]/.test(link);
}
