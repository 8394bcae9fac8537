import type { Failure } from '#shared/api/environment.ts';

/** The pod went without having been asked to. */
export const SANDBOX_ENDED: Failure = {
  code: 'SANDBOX_ENDED',
  message: 'The sandbox of this preview ended unexpectedly.',
  remedy: 'Restart the preview; if it happens again, look at `vitrine doctor`.',
};

export const worktreeRemoved = (worktree: string): Failure => ({
  code: 'WORKTREE_MISSING',
  message: `The worktree ${worktree} was removed while its preview ran.`,
  remedy: 'Start the attempt again on the board; this preview can be closed.',
});
