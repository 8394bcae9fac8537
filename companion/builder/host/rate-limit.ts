const SECOND_MS = 1_000;

/** Lets so many through in any second. */
export class RateLimit {
  readonly #perSecond: number;
  #left: number;
  #since = performance.now();

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
    this.#left = perSecond;
  }

  /** Whether one (or `count`) more may pass now. */
  take(count = 1): boolean {
    const now = performance.now();
    if (now - this.#since >= SECOND_MS) {
      this.#since = now;
      this.#left = this.#perSecond;
    }
    this.#left -= count;
    return this.#left >= 0;
  }
}
