import { realpath } from 'node:fs/promises';
import type { Base } from '#shared/api/source.ts';
import { git, inspectWorktree } from './git.ts';

/** What main branches are called, in the order they are looked for. */
const MAIN_BRANCHES = ['origin/HEAD', 'main', 'master'];

/**
 * The commit an attempt began at: the last one it shares with the branch of the main checkout, or with the main branch
 * where the worktree is the main checkout itself. Null in a repository without a commit.
 */
export async function findBase(worktree: string, signal?: AbortSignal): Promise<Base | null> {
  const ask = async (...args: string[]) =>
    (await git(worktree, args, signal).catch(() => '')).trim() || undefined;
  const head = await ask('rev-parse', '--verify', '--quiet', 'HEAD');
  if (!head) return null;
  for (const branch of await candidates(worktree, signal)) {
    const commit = await ask('merge-base', 'HEAD', branch);
    if (commit) return { branch, commit };
  }
  return { branch: 'HEAD', commit: head };
}

async function candidates(worktree: string, signal?: AbortSignal): Promise<string[]> {
  const { mainCheckout, branch } = await inspectWorktree(worktree, signal);
  if (mainCheckout !== (await realpath(worktree))) {
    const main = await git(mainCheckout, ['symbolic-ref', '--quiet', '--short', 'HEAD'], signal).catch(
      () => '',
    );
    if (main.trim()) return [main.trim(), ...MAIN_BRANCHES];
  }
  return MAIN_BRANCHES.filter((name) => name !== branch);
}
