import { VitrineError } from '#shared/errors.ts';
import type { Board, BoardAttempt } from '../board.ts';
import {
  type AttemptRow,
  attemptRowsSchema,
  attemptsSchema,
  getData,
  projectsSchema,
  taskSchema,
  tasksSchema,
} from './api.ts';
import { AttemptWorktrees } from './attempt-worktrees.ts';
import { eachLimited } from './each-limited.ts';
import { untilNamed } from './worktree-wait.ts';

const ATTEMPTS = '/api/task-attempts';

/** Vibe Kanban 0.0.71 to 0.1.26: projects have tasks, tasks have attempts. */
export class TaskAttemptsBoard implements Board {
  readonly kind = 'vibe-kanban';
  readonly url: string;
  readonly #worktrees: AttemptWorktrees;

  constructor(origin: string) {
    this.url = origin;
    this.#worktrees = new AttemptWorktrees(origin, ATTEMPTS);
  }

  async listAttempts(signal: AbortSignal): Promise<BoardAttempt[]> {
    const [rows, titles] = await Promise.all([
      getData(this.url, ATTEMPTS, attemptRowsSchema, signal),
      this.#titles(signal),
    ]);
    return this.#worktrees.ofRows(rows, (row) => describe(row, titles.get(row.task_id ?? '')), signal);
  }

  async findAttempt(taskId: string, signal: AbortSignal): Promise<BoardAttempt | null> {
    const task = await this.#task(taskId, signal);
    const rows = await untilNamed(
      () => getData(this.url, `${ATTEMPTS}?task_id=${task.id}`, attemptsSchema, signal),
      (row) => !row.container_ref && !row.worktree_deleted,
      signal,
    );
    for (const row of rows) {
      const about = { taskId: task.id, title: task.title };
      const [attempt] = await this.#worktrees.ofRow(row, about, signal);
      if (attempt) return attempt;
    }
    return null;
  }

  /** A project whose tasks cannot be read leaves its attempts with their own names. */
  async #titles(signal: AbortSignal): Promise<Map<string, string>> {
    const orNone = (thrown: unknown) => {
      signal.throwIfAborted();
      if (thrown instanceof VitrineError) return [];
      throw thrown;
    };
    const projects = await getData(this.url, '/api/projects', projectsSchema, signal).catch(orNone);
    const tasks = await eachLimited(projects, ({ id }) =>
      getData(this.url, `/api/tasks?project_id=${id}`, tasksSchema, signal).catch(orNone),
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

function describe(row: AttemptRow, title: string | undefined) {
  return { taskId: row.task_id ?? row.id, title: title ?? row.name ?? row.branch ?? row.id };
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
