/** Addresses that are remembered: a page of webpack's has a few, one of Vite's hundreds. */
const MAX_KNOWN = 400;
/** Scripts kept while a stack is looked up, bytes. */
const MAX_KEPT_BYTES = 48 * 1024 * 1024;
const KEPT_MS = 20_000;

/** Asks the dev server, as a page would; null for anything but an answer of its own of a bounded size. */
export type FetchServed = (path: string) => Promise<Buffer | null>;

/** Scripts that a dev server gave to pages. */
export class ServedScripts {
  readonly #fetch: FetchServed;
  readonly #paths = new Set<string>();
  readonly #kept = new Map<string, Promise<Buffer | null>>();
  #keptBytes = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(fetch: FetchServed) {
    this.#fetch = fetch;
  }

  /** A page got it. */
  add(path: string): void {
    this.#paths.delete(path);
    this.#paths.add(path);
    for (const oldest of this.#paths) {
      if (this.#paths.size <= MAX_KNOWN) break;
      this.#paths.delete(oldest);
    }
  }

  /** The newest first: a module may have been replaced by a hot update. */
  get paths(): string[] {
    return [...this.#paths].reverse();
  }

  /** Only what a page got is asked for: what a page says is no reason to ask for anything else. */
  async text(path: string): Promise<Buffer | null> {
    return this.#paths.has(path) ? this.#held(path) : null;
  }

  /** What a script links to. */
  linked(path: string): Promise<Buffer | null> {
    return this.#fetch(path);
  }

  /** A page was loaded: its scripts may be others under the same addresses. */
  forget(): void {
    clearTimeout(this.#timer);
    this.#kept.clear();
    this.#keptBytes = 0;
  }

  #held(path: string): Promise<Buffer | null> {
    const kept = this.#kept.get(path);
    if (kept) return kept;
    const fetched = this.#fetch(path).catch(() => null);
    this.#kept.set(path, fetched);
    void fetched.then((script) => {
      this.#keptBytes += script?.length ?? 0;
      if (this.#keptBytes > MAX_KEPT_BYTES) this.forget();
    });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.forget(), KEPT_MS);
    this.#timer.unref();
    return fetched;
  }
}
