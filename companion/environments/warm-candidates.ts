import { stat } from 'node:fs/promises';
import { inspectWorktree } from '../worktrees/git.ts';
import type { Attempts } from './attempts.ts';
import type { Environments } from './environments.ts';
import type { WarmCandidate } from './warm-pods.ts';

/** Asked of the file system and of git for no more than these. */
const MAX_LOOKED_AT = 200;

/** Attempts without an environment, the one whose worktree was made last first. */
export async function warmCandidates(
  attempts: Attempts,
  environments: Environments,
  signal: AbortSignal,
): Promise<WarmCandidate[]> {
  const { attempts: all } = await attempts.list(environments, signal);
  const open = all.filter(({ environmentId }) => environmentId === undefined).slice(0, MAX_LOOKED_AT);
  const dated = await Promise.all(
    open.map(async (attempt) => ({
      ...attempt,
      madeAt: (await stat(attempt.worktree).catch(() => null))?.birthtimeMs ?? 0,
    })),
  );
  const candidates: WarmCandidate[] = [];
  for (const { worktree, title } of dated.toSorted((a, b) => b.madeAt - a.madeAt)) {
    const found = await inspectWorktree(worktree, signal).catch(() => null); // gone meanwhile
    if (found) candidates.push({ worktree: found.worktree, mainCheckout: found.mainCheckout, title });
  }
  return candidates;
}
