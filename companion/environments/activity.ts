/** What tells its end: a response, a socket. */
interface Lifetime {
  once(event: 'close', listener: () => void): unknown;
}

/** When an environment was last used, and whether it is being used right now. */
export class Activity {
  readonly #record: { lastUsedAt: number };
  #open = 0;

  /** `record.lastUsedAt` is kept up to date. */
  constructor(record: { lastUsedAt: number }) {
    this.#record = record;
  }

  /** Whether something that was given to {@link hold} is still open. */
  get isOpen(): boolean {
    return this.#open > 0;
  }

  touch(): void {
    this.#record.lastUsedAt = Date.now();
  }

  /** In use until that closes: an event stream or a socket may be open for hours without a new request. */
  hold(lifetime: Lifetime): void {
    this.touch();
    this.#open += 1;
    lifetime.once('close', () => {
      this.#open -= 1;
      this.touch();
    });
  }
}
