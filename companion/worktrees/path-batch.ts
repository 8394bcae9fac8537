/** A save is often several events (truncate, write, rename, chmod); they are told together after this much quiet. */
const QUIET_MS = 3;
/** What goes on and on is told in parts, at least this often. */
const MAX_WAIT_MS = 250;
/** An empty file is waited for longer: many programs empty a file before they write it. */
const EMPTY_QUIET_MS = 60;
/** So many files at once are a checkout or a rebase, told as a whole: every part would be a reload of half of it. */
const MANY_PATHS = 100;
const MANY_QUIET_MS = 150;
const MANY_MAX_WAIT_MS = 5_000;
/** While somebody is busy with the files, this often is looked whether they still are. */
const BUSY_PAUSE_MS = 20;

export interface PathBatchHandlers {
  /** Each path once. */
  tell(paths: string[]): void;
  /** Whether something is in the middle of changing many files. */
  isBusy(): boolean;
}

/** Collects paths and tells them together once it has been quiet, or when the first has waited long enough. */
export class PathBatch {
  readonly #handlers: PathBatchHandlers;
  readonly #closed: AbortSignal;
  readonly #pending = new Set<string>();
  /** Those of them that were empty. */
  readonly #empty = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #firstAt = 0;

  constructor(handlers: PathBatchHandlers, closed: AbortSignal) {
    this.#handlers = handlers;
    this.#closed = closed;
    closed.addEventListener('abort', () => clearTimeout(this.#timer), { once: true });
  }

  add(path: string, isEmpty = false): void {
    if (this.#closed.aborted) return;
    if (this.#pending.size === 0) this.#firstAt = performance.now();
    this.#pending.add(path);
    if (isEmpty) this.#empty.add(path);
    else this.#empty.delete(path);
    this.#wait(this.#areMany ? MANY_QUIET_MS : this.#empty.size > 0 ? EMPTY_QUIET_MS : QUIET_MS);
  }

  get #areMany(): boolean {
    return this.#pending.size > MANY_PATHS;
  }

  /** How long the first path may still wait, ms. */
  get #left(): number {
    return (this.#areMany ? MANY_MAX_WAIT_MS : MAX_WAIT_MS) - (performance.now() - this.#firstAt);
  }

  #wait(quietMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#due(), Math.max(0, Math.min(quietMs, this.#left)));
  }

  #due(): void {
    if (this.#left > 0 && this.#handlers.isBusy()) return this.#wait(BUSY_PAUSE_MS);
    const paths = [...this.#pending];
    this.#pending.clear();
    this.#empty.clear();
    this.#handlers.tell(paths);
  }
}
