/** Stops what services do by themselves while their pod is frozen, and the clock that their deadlines go by. */
export class PauseGate {
  #pauses = 0;
  #pausedAt = 0;
  #pausedMs = 0;
  #open = Promise.withResolvers<void>();
  readonly #listeners = new Set<(isPaused: boolean) => void>();

  constructor() {
    this.#open.resolve();
  }

  get isPaused(): boolean {
    return this.#pauses > 0;
  }

  /** Milliseconds on a clock that stands still during a pause. */
  now(): number {
    return (this.isPaused ? this.#pausedAt : performance.now()) - this.#pausedMs;
  }

  pause(): void {
    this.#pauses += 1;
    if (this.#pauses > 1) return;
    this.#pausedAt = performance.now();
    this.#open = Promise.withResolvers();
    for (const listener of this.#listeners) listener(true);
  }

  /** Ends one pause; each has to be ended. */
  resume(): void {
    if (this.#pauses === 0) return;
    this.#pauses -= 1;
    if (this.#pauses > 0) return;
    this.#pausedMs += performance.now() - this.#pausedAt;
    this.#open.resolve();
    for (const listener of this.#listeners) listener(false);
  }

  /** Told when a pause begins and ends. Returns the way to unsubscribe. */
  onChange(listener: (isPaused: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves when there is no pause, or by the signal. Never rejects. */
  async opened(signal: AbortSignal): Promise<void> {
    if (!this.isPaused || signal.aborted) return;
    const aborted = Promise.withResolvers<void>();
    const onAbort = () => aborted.resolve();
    signal.addEventListener('abort', onAbort, { once: true });
    while (this.isPaused && !signal.aborted) await Promise.race([this.#open.promise, aborted.promise]);
    signal.removeEventListener('abort', onAbort);
  }
}
