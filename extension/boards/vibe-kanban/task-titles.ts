import type { BoardTask } from '#shared/extension/target.ts';
import { readTask } from '../read-task.ts';

const DEADLINE_MS = 3_000;
/** A title that is missing is not asked for again sooner than this. */
const FRESH_MS = 2_000;

type Tasks = Map<string, BoardTask | null>;

/** Tasks by title, from the board's own API: for a page whose cards cannot be read. */
export class TaskTitles {
  #projectId = '';
  #loadedAt = Number.NEGATIVE_INFINITY;
  #tasks: Promise<Tasks> = Promise.resolve(new Map());
  readonly #fetch: typeof fetch;
  readonly #signal: AbortSignal;

  constructor(signal: AbortSignal, fetchFromPage: typeof fetch = (...request) => fetch(...request)) {
    this.#signal = signal;
    this.#fetch = fetchFromPage;
  }

  /** The one task of the project with this title; null when there is none, or more than one, or the board does not say. */
  async find(origin: string, projectId: string, title: string): Promise<BoardTask | null> {
    const isFresh = () => performance.now() - this.#loadedAt <= FRESH_MS;
    if (projectId !== this.#projectId || (!(await this.#tasks).has(title) && !isFresh())) {
      this.#projectId = projectId;
      this.#loadedAt = Number.POSITIVE_INFINITY; // whoever asks meanwhile waits for the same answer
      this.#tasks = this.#load(origin, projectId)
        .catch(() => new Map()) // a board that is slow or broken is one that does not say
        .finally(() => {
          this.#loadedAt = performance.now();
        });
    }
    return (await this.#tasks).get(title) ?? null;
  }

  async #load(origin: string, projectId: string): Promise<Tasks> {
    const tasks: Tasks = new Map();
    const response = await this.#fetch(`${origin}/api/tasks?project_id=${encodeURIComponent(projectId)}`, {
      signal: AbortSignal.any([this.#signal, AbortSignal.timeout(DEADLINE_MS)]),
    });
    // An unknown path answers the single-page app with 200.
    if (!response.ok || !response.headers.get('content-type')?.includes('json')) return tasks;
    const body: unknown = await response.json();
    const rows = typeof body === 'object' && body !== null && 'data' in body ? body.data : undefined;
    for (const row of Array.isArray(rows) ? (rows as unknown[]) : []) {
      if (typeof row !== 'object' || row === null) continue;
      const { id, title } = row as { id?: unknown; title?: unknown };
      const task = readTask(id, title);
      if (task?.title !== undefined) tasks.set(task.title, tasks.has(task.title) ? null : task);
    }
    return tasks;
  }
}
