import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { CreateEnvironment } from '#shared/api/environment.ts';
import { VitrineError } from '#shared/errors.ts';
import type { BoardAttempt } from '../boards/board.ts';
import { inspectWorktree } from '../worktrees/git.ts';

/** An attempt whose worktree was looked at. */
export interface ResolvedAttempt {
  taskId: string;
  agentId: string;
  title: string;
  worktree: string;
  mainCheckout: string;
  branch: string;
}

/** Looks at the worktree that a request names. */
export async function inspectAttempt(
  request: Pick<CreateEnvironment, 'taskId' | 'agentId' | 'title'> & { worktree: string },
  signal: AbortSignal,
): Promise<ResolvedAttempt> {
  const found = await inspectWorktree(request.worktree, signal);
  const title = request.title?.trim() || basename(found.worktree);
  return { taskId: request.taskId, agentId: request.agentId, title, ...found };
}

/** Looks at the worktree of a board's attempt. Throws ATTEMPT_WITHOUT_WORKTREE when the board has none to give. */
export async function inspectBoardAttempt(
  request: CreateEnvironment,
  attempt: BoardAttempt | null,
  signal: AbortSignal,
): Promise<ResolvedAttempt> {
  if (!attempt) {
    throw new VitrineError({
      code: 'ATTEMPT_WITHOUT_WORKTREE',
      message: 'This task has no attempt with a worktree yet.',
      remedy: 'Start an attempt on the board; the preview works as soon as its worktree exists.',
      status: 409,
    });
  }
  const known = request.agentId === 'unknown' ? attempt.agentId : request.agentId;
  return inspectAttempt(
    { taskId: request.taskId, agentId: known, title: attempt.title, worktree: attempt.worktree },
    signal,
  );
}

/** Whether something still exists; for lists that leave out what was deleted by hand. */
export const directoryExists = (path: string): Promise<boolean> =>
  stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
