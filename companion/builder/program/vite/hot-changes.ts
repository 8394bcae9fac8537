import type { HotPayload } from 'vite';

/** A plugin's hook that takes longer than this does not hold up the others' changes. */
const DEADLINE_MS = 1_000;
/** After the hooks for a file, Vite sends at once or not at all. */
const AFTER_HOOKS_MS = 40;
/** Vite 5 says nothing of files that come or go. */
const CAME_OR_WENT_MS = 150;

/** Collects what Vite decides about changed files, which it tells by messages to browsers. */
export class HotChanges {
  #waiting = 0;
  #settle: (() => void) | null = null;
  #quiet: NodeJS.Timeout | undefined;
  #reload = false;
  #pruned: string[] = [];
  #accepted: string[] = [];

  /** Resolves when Vite has dealt with all of `count` files, or the deadline passed. */
  expect(count: number, someCameOrWent: boolean): Promise<void> {
    if (count === 0) return Promise.resolve();
    this.#waiting = count;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#settle?.(), DEADLINE_MS);
      this.#settle = () => {
        clearTimeout(timer);
        clearTimeout(this.#quiet);
        this.#settle = null;
        // Vite sends from within a chain of promises: let it end.
        setImmediate(resolve);
      };
      if (someCameOrWent) this.#settleIn(CAME_OR_WENT_MS);
    });
  }

  /** The plugins were told of a file. Vite will send something if it concerns modules. */
  hooked(concernsModules: boolean): void {
    if (concernsModules) this.#settleIn(AFTER_HOOKS_MS);
    else this.#count();
  }

  payload(payload: HotPayload): void {
    if (payload.type === 'full-reload') this.#reload = true;
    if (payload.type === 'update')
      this.#accepted.push(...payload.updates.map(({ acceptedPath }) => acceptedPath));
    if (payload.type === 'prune') {
      this.#pruned.push(...payload.paths);
      return;
    }
    if (payload.type === 'update' || payload.type === 'full-reload' || payload.type === 'error')
      this.#count();
  }

  /** What pages have to do: reload, forget modules, take modules (and what those import) anew. */
  take(): { reload: boolean; pruned: string[]; accepted: string[] } {
    const taken = { reload: this.#reload, pruned: this.#pruned, accepted: this.#accepted };
    this.#reload = false;
    this.#pruned = [];
    this.#accepted = [];
    return taken;
  }

  #count(): void {
    this.#waiting -= 1;
    if (this.#waiting <= 0) this.#settle?.();
  }

  #settleIn(milliseconds: number): void {
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => this.#settle?.(), milliseconds);
  }
}
