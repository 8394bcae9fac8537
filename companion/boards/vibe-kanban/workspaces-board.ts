import type { Board, BoardAttempt } from '../board.ts';
import { type AttemptRow, attemptsSchema, getData } from './api.ts';
import { attemptsOfRow } from './attempt-worktrees.ts';
import { eachLimited } from './each-limited.ts';
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

  constructor(origin: string) {
    this.url = origin;
  }

  async listAttempts(signal: AbortSignal): Promise<BoardAttempt[]> {
    const rows = await this.#workspaces(signal);
    const current = rows.filter(({ archived }) => !archived);
    return (await eachLimited(current, (row) => this.#attempts(row, row.id, signal))).flat();
  }

  async findAttempt(taskId: string, signal: AbortSignal): Promise<BoardAttempt | null> {
    const isOfTask = (row: AttemptRow) => row.id === taskId || row.task_id === taskId;
    const rows = await untilNamed(
      async () => (await this.#workspaces(signal)).filter(isOfTask),
      (row) => row.container_ref === null && !row.worktree_deleted,
      signal,
    );
    if (rows.length === 0) throw unknownTask(taskId, this.url);
    for (const row of rows) {
      const [attempt] = await this.#attempts(row, taskId, signal);
      if (attempt) return attempt;
    }
    return null;
  }

  #workspaces(signal: AbortSignal): Promise<AttemptRow[]> {
    return getData(this.url, WORKSPACES, attemptsSchema, signal);
  }

  #attempts(row: AttemptRow, taskId: string, signal: AbortSignal): Promise<BoardAttempt[]> {
    const about = { origin: this.url, path: WORKSPACES, taskId, title: row.name ?? row.branch ?? row.id };
    return attemptsOfRow(row, about, signal);
  }
}
