import { lstat, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize, sep } from 'node:path';
import { VitrineError } from '#shared/errors.ts';
import { isInside } from './is-inside.ts';

/**
 * The real absolute path of a worktree-relative path that stays inside the worktree, whatever symlinks it
 * crosses; the file itself need not exist. git's own directory is not part of the worktree's content.
 * Throws PATH_OUTSIDE_WORKTREE.
 */
export async function confinePath(worktree: string, path: string): Promise<string> {
  if (path.includes('\0') || isAbsolute(path) || path === '') throw outside(path);
  const way = normalize(path);
  if (way === '..' || way.startsWith(`..${sep}`) || way.split(sep)[0] === '.git') throw outside(path);
  const root = await realpath(worktree);
  const real = await realOrFuture(join(root, way));
  if (!isInside(root, real) || isInside(join(root, '.git'), real)) throw outside(path);
  return real;
}

/** Resolves the symlinks of the part that exists. A dangling symlink counts as leading outside. */
async function realOrFuture(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw outside(path, error);
    const isDangling = await lstat(path).then(
      (entry) => entry.isSymbolicLink(),
      () => false,
    );
    if (isDangling) throw outside(path, error);
    return join(await realOrFuture(dirname(path)), path.slice(dirname(path).length));
  }
}

function outside(path: string, cause?: unknown): VitrineError {
  return new VitrineError({
    code: 'PATH_OUTSIDE_WORKTREE',
    message: `The path "${path.slice(0, 200)}" does not lie inside the worktree.`,
    remedy: 'Give a path relative to the worktree, without .. and without links that lead out of it.',
    status: 400,
    cause,
  });
}
