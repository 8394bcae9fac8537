import { VitrineError } from '#shared/errors.ts';
import type { Board, BoardAttempt } from '../board.ts';
import { type AttemptRow, attemptsSchema, getData, projectsSchema, taskSchema, tasksSchema } from './api.ts';
import { attemptsOfRow } from './attempt-worktrees.ts';
import { eachLimited } from './each-limited.ts';
import { untilNamed } from './worktree-wait.ts';

const ATTEMPTS = '/api/task-attempts';

/** Vibe Kanban 0.0.71 to 0.1.26: projects have tasks, tasks have attempts. */
export class TaskAttemptsBoard implements Board {
  readonly kind = 'vibe-kanban';
  readonly url: string;

  constructor(origin: string) {
    this.url = origin;
  }

  async listAttempts(signal: AbortSignal): Promise<BoardAttempt[]> {
    const [rows, titles] = await Promise.all([
      getData(this.url, ATTEMPTS, attemptsSchema, signal),
      this.#titles(signal),
    ]);
    const found = await eachLimited(rows, (row) =>
      this.#attempts(row, titles.get(row.task_id ?? ''), signal),
    );
    return found.flat();
  }

  async findAttempt(taskId: string, signal: AbortSignal): Promise<BoardAttempt | null> {
    const task = await this.#task(taskId, signal);
    const rows = await untilNamed(
      () => getData(this.url, `${ATTEMPTS}?task_id=${task.id}`, attemptsSchema, signal),
      (row) => row.container_ref === null && !row.worktree_deleted,
      signal,
    );
    for (const row of rows) {
      const [attempt] = await this.#attempts({ ...row, task_id: task.id }, task.title, signal);
      if (attempt) return attempt;
    }
    return null;
  }

  async #attempts(row: AttemptRow, title: string | undefined, signal: AbortSignal): Promise<BoardAttempt[]> {
    const about = {
      origin: this.url,
      path: ATTEMPTS,
      taskId: row.task_id ?? row.id,
      title: title ?? row.name ?? row.branch ?? row.id,
    };
    return attemptsOfRow(row, about, signal);
  }

  async #titles(signal: AbortSignal): Promise<Map<string, string>> {
    const projects = await getData(this.url, '/api/projects', projectsSchema, signal);
    const tasks = await eachLimited(projects, ({ id }) =>
      getData(this.url, `/api/tasks?project_id=${id}`, tasksSchema, signal),
    );
    return new Map(tasks.flat().map(({ id, title }) => [id, title]));
  }

  async #task(taskId: string, signal: AbortSignal): Promise<{ id: string; title: string }> {
    try {
      return await getData(this.url, `/api/tasks/${encodeURIComponent(taskId)}`, taskSchema, signal);
    } catch (thrown) {
      if (thrown instanceof VitrineError && thrown.status === 404)
        throw unknownTask(taskId, this.url, thrown);
      throw thrown;
    }
  }
}

/** The board knows no such task. */
export function unknownTask(taskId: string, url: string, cause?: unknown): VitrineError {
  return new VitrineError({
    code: 'TASK_UNKNOWN',
    message: `The board at ${url} has no task ${taskId.slice(0, 200)}.`,
    remedy: 'Reload the board: the task may have been deleted.',
    status: 404,
    cause,
  });
}
