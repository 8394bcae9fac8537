import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { isInside } from './is-inside.ts';
import { readText } from './read-text.ts';

/** One path and a few words. */
const MAX_POINTER_BYTES = 8 * 1024;

/** Where git keeps what belongs to a linked worktree (gitrepository-layout(5)). Real absolute paths. */
export interface GitDirectories {
  /** Of the worktree alone: its HEAD and index. */
  own: string;
  /** Of the whole repository: objects and refs. */
  common: string;
}

/**
 * Follows a linked worktree's `.git` file. Null where there is none, as in a main checkout, and where the repository does
 * not say itself that this worktree is one of its own: the file is the attempt's, and may name any directory.
 */
export async function findGitDirectories(worktree: string): Promise<GitDirectories | null> {
  try {
    const file = join(worktree, '.git');
    // A link cannot be covered in the sandbox.
    if ((await realpath(file)) !== file) return null;
    const pointer = /^gitdir: (.+)$/m.exec(await read(file, worktree))?.[1];
    if (pointer === undefined) return null;
    const own = await realpath(resolve(worktree, pointer.trim()));
    const common = await realpath(resolve(own, (await read(join(own, 'commondir'), own)).trim()));
    const back = resolve(own, (await read(join(own, 'gitdir'), own)).trim());
    const isOurs =
      own === join(common, 'worktrees', basename(own)) &&
      (await realpath(dirname(back))) === worktree &&
      basename(back) === '.git';
    return isOurs && !isInside(worktree, common) ? { own, common } : null;
  } catch {
    return null; // no git, or a repository that was moved
  }
}

const read = (path: string, inside: string) => readText(path, { inside, maxBytes: MAX_POINTER_BYTES });
