import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readTextSync } from './read-text.ts';

/** A lock this old was left behind by a git that was killed. */
const LEFT_BEHIND_MS = 10_000;
/** One path and a few words. */
const MAX_POINTER_BYTES = 8 * 1024;

/** Answers whether git is writing the worktree's files: it holds this lock from the first to the last. */
export function gitLock(worktree: string): () => boolean {
  const lock = join(gitDirectory(worktree), 'index.lock');
  return () => {
    const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
    return since !== undefined && Math.abs(Date.now() - since) < LEFT_BEHIND_MS;
  };
}

/** A worktree's own part of the repository. A linked worktree has a file in its place that says where it is. */
export function gitDirectory(worktree: string): string {
  const path = join(worktree, '.git');
  try {
    const [, way] = /^gitdir: (.+)$/m.exec(readTextSync(path, MAX_POINTER_BYTES)) ?? [];
    return way === undefined ? path : resolve(worktree, way);
  } catch {
    return path; // a directory, or no repository at all
  }
}
