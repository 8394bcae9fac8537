import type { Board, BoardAttempt } from '../board.ts';
import { type AttemptRow, attemptRowsSchema, getData, workspacesOf } from './api.ts';
import { AttemptWorktrees } from './attempt-worktrees.ts';
import { unknownTask } from './task-attempts-board.ts';
import { untilNamed } from './worktree-wait.ts';

const WORKSPACES = '/api/workspaces';

/**
 * Vibe Kanban 0.1.27 to 0.1.44: the board is workspaces only. A workspace is task and attempt in one; it may still
 * carry the id of the task that an older version made it for, and answers to both.
 */
export class WorkspacesBoard implements Board {
  readonly kind = 'vibe-kanban';
  readonly url: string;
  readonly #worktrees: AttemptWorktrees;

  constructor(origin: string) {
    this.url = origin;
    this.#worktrees = new AttemptWorktrees(origin, WORKSPACES);
  }

  async listAttempts(signal: AbortSignal): Promise<BoardAttempt[]> {
    const rows = await getData(this.url, WORKSPACES, attemptRowsSchema, signal);
    const current = rows.filter(({ archived }) => !archived);
    return this.#worktrees.ofRows(current, (row) => describe(row, row.id), signal);
  }

  async findAttempt(taskId: string, signal: AbortSignal): Promise<BoardAttempt | null> {
    const rows = await untilNamed(
      () => getData(this.url, WORKSPACES, workspacesOf(taskId), signal),
      (row) => !row.container_ref && !row.worktree_deleted,
      signal,
    );
    if (rows.length === 0) throw unknownTask(taskId, this.url);
    for (const row of rows) {
      const [attempt] = await this.#worktrees.ofRow(row, describe(row, taskId), signal);
      if (attempt) return attempt;
    }
    return null;
  }
}

function describe(row: AttemptRow, taskId: string) {
  return { taskId, title: row.name ?? row.branch ?? row.id };
}
