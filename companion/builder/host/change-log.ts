/** Files remembered; beyond, what changed longest ago is forgotten. */
const MAX_FILES = 500;

/** Which files changed since when, for pages that were away. */
export class ChangeLog {
  /** Time of the last change by path, the newest last. */
  readonly #changes = new Map<string, number>();
  /** Changes up to this time may have been forgotten. */
  #forgottenUntil = Number.NEGATIVE_INFINITY;

  /** `at` in ms, never before that of the last call. */
  add(paths: Iterable<string>, at = Date.now()): void {
    for (const path of paths) {
      this.#changes.delete(path);
      this.#changes.set(path, at);
      const [oldest] = this.#changes;
      if (this.#changes.size <= MAX_FILES || oldest === undefined) continue;
      this.#changes.delete(oldest[0]);
      this.#forgottenUntil = oldest[1];
    }
  }

  /** As if everything had changed just now. */
  forget(at = Date.now()): void {
    this.#changes.clear();
    this.#forgottenUntil = at;
  }

  /** Files that changed at this time, ms, or later; null when that is not known any more. */
  since(time: number): string[] | null {
    if (time <= this.#forgottenUntil) return null;
    return [...this.#changes].flatMap(([path, at]) => (at >= time ? [path] : []));
  }
}
