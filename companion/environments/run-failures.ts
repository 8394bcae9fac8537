import type { Failure } from '#shared/api/environment.ts';
import { VitrineError } from '#shared/errors.ts';
import type { RuntimeName } from '#shared/identifiers.ts';

/** The pod went without having been asked to. */
export const SANDBOX_ENDED: Failure = {
  code: 'SANDBOX_ENDED',
  message: 'The sandbox of this preview ended unexpectedly.',
  remedy: 'Restart the preview; if it happens again, look at `vitrine doctor`.',
};

/** The engine that ran the pod does not answer. */
export const engineGone = (runtime: RuntimeName): Failure => ({
  code: 'RUNTIME_GONE',
  message: `The sandbox of this preview was lost, and the runtime ${runtime} does not answer.`,
  remedy: 'Start it again; the preview comes back by itself then.',
});

export const worktreeRemoved = (worktree: string): Failure => ({
  code: 'WORKTREE_MISSING',
  message: `The worktree ${worktree} was removed or moved while its preview ran.`,
  remedy: 'Preview the attempt where it is now, or start it again on the board; this preview can be closed.',
});

/** The database's template has to be built, which needs a sandbox. */
export const notRunning = (): VitrineError =>
  new VitrineError({
    code: 'ENVIRONMENT_NOT_RUNNING',
    message: 'The template of the database is not built yet, and this preview does not run.',
    remedy: 'Restart the preview first.',
    status: 409,
  });
