import type { BoardTask } from '#shared/extension/target.ts';
import { readTask } from '../read-task.ts';

const DEADLINE_MS = 3_000;
/** A title that is missing is not asked for again sooner than this. */
const FRESH_MS = 2_000;

/** Tasks by title, from the board's own API: for a page whose cards cannot be read. */
export class TaskTitles {
  #projectId = '';
  #loadedAt = Number.NEGATIVE_INFINITY;
  #tasks = new Map<string, BoardTask | null>();
  readonly #fetch: typeof fetch;
  readonly #signal: AbortSignal;

  constructor(signal: AbortSignal, fetchFromPage: typeof fetch = (...request) => fetch(...request)) {
    this.#signal = signal;
    this.#fetch = fetchFromPage;
  }

  /** The one task of the project with this title; null when there is none, or more than one. */
  async find(origin: string, projectId: string, title: string): Promise<BoardTask | null> {
    const stale = performance.now() - this.#loadedAt > FRESH_MS;
    if (projectId !== this.#projectId || (stale && !this.#tasks.has(title)))
      await this.#load(origin, projectId);
    return this.#tasks.get(title) ?? null;
  }

  async #load(origin: string, projectId: string): Promise<void> {
    this.#projectId = projectId;
    this.#loadedAt = performance.now();
    this.#tasks = new Map();
    const response = await this.#fetch(`${origin}/api/tasks?project_id=${encodeURIComponent(projectId)}`, {
      signal: AbortSignal.any([this.#signal, AbortSignal.timeout(DEADLINE_MS)]),
    });
    // An unknown path answers the single-page app with 200.
    if (!response.ok || !response.headers.get('content-type')?.includes('json')) return;
    const body: unknown = await response.json();
    const rows = typeof body === 'object' && body !== null && 'data' in body ? body.data : undefined;
    if (!Array.isArray(rows)) return;
    for (const row of rows as unknown[]) {
      if (typeof row !== 'object' || row === null) continue;
      const { id, title } = row as { id?: unknown; title?: unknown };
      const task = readTask(id, title);
      if (task?.title !== undefined) this.#tasks.set(task.title, this.#tasks.has(task.title) ? null : task);
    }
  }
}
