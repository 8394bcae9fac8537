import { join } from 'node:path';
import { gitDirectory } from './git-lock.ts';
import { readText } from './read-text.ts';

const MAX_HEAD_BYTES = 4_096;
const SHORT_COMMIT_LENGTH = 7;

/**
 * The branch that a worktree is on by now, or the commit, without a process: it is asked after every save. Null where
 * git keeps that elsewhere (reftable), or there is no repository any more.
 */
export async function readBranch(worktree: string): Promise<string | null> {
  const path = join(gitDirectory(worktree), 'HEAD');
  const head = await readText(path, { maxBytes: MAX_HEAD_BYTES }).catch(() => '');
  const [, branch, commit] = /^(?:ref: refs\/heads\/(.+)|([0-9a-f]{40,64}))\s*$/.exec(head) ?? [];
  if (branch === '.invalid') return null;
  return branch ?? commit?.slice(0, SHORT_COMMIT_LENGTH) ?? null;
}
