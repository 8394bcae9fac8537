/** Addresses whose loads are remembered; the one loaded longest ago goes first. */
const MAX_PATHS = 20;
/** Modules of one load. */
const MAX_MODULES = 300;

/** What pages fetch until they are loaded, by their path: what the next one is going to need. */
export class LoadProfiles {
  readonly #profiles = new Map<string, ReadonlySet<string>>();
  #loading: { path: string; urls: Set<string> } | null = null;

  /** A page of this path is being loaded. Answers what the last one fetched. */
  begin(path: string): ReadonlySet<string> {
    // It was left before it showed anything: it may have fetched everything all the same.
    const left = this.#loading;
    if (left && left.urls.size > (this.#profiles.get(left.path)?.size ?? 0)) this.end();
    this.#loading = { path, urls: new Set() };
    return this.#profiles.get(path) ?? new Set();
  }

  /** A page asked for a module. */
  add(url: string): void {
    if (this.#loading && this.#loading.urls.size < MAX_MODULES) this.#loading.urls.add(url);
  }

  /** The page is there: what is fetched from now on is not needed for that. */
  end(): void {
    if (!this.#loading) return;
    const { path, urls } = this.#loading;
    this.#loading = null;
    if (urls.size === 0) return;
    this.#profiles.delete(path);
    this.#profiles.set(path, urls);
    const [oldest] = this.#profiles.keys();
    if (this.#profiles.size > MAX_PATHS && oldest !== undefined) this.#profiles.delete(oldest);
  }
}
