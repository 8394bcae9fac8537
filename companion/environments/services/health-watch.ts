import type { PauseGate } from './pause-gate.ts';

/** One lost answer is no illness. */
const FAILURES_UNTIL_UNHEALTHY = 3;
/** However short the configured interval: a probe is a request too. */
const MIN_INTERVAL_MS = 100;

export interface HealthWatchOptions {
  intervalMs: number;
  probe(signal: AbortSignal): Promise<boolean>;
  gate: PauseGate;
  /** Whether nobody would notice: then it is not asked until {@link HealthWatch.wake}. */
  isIdle(): boolean;
  onChange(isHealthy: boolean): void;
}

/** Asks a running service again and again whether it is well. Keeps no timer while it is paused or idle. */
export class HealthWatch {
  readonly #options: HealthWatchOptions;
  readonly #closing = new AbortController();
  readonly #unsubscribe: () => void;
  #timer: NodeJS.Timeout | undefined;
  /** Aborted when a pause begins: a frozen service answers nothing, which says nothing about it. */
  #probing: AbortController | undefined;
  #isAsleep = false;
  #failures = 0;

  constructor(options: HealthWatchOptions) {
    this.#options = options;
    this.#unsubscribe = options.gate.onChange((isPaused) => {
      if (isPaused) this.#stop();
      else this.#schedule();
    });
    if (!options.gate.isPaused) this.#schedule();
  }

  /** Whether it waits for {@link wake}. */
  get isAsleep(): boolean {
    return this.#isAsleep;
  }

  /** Somebody uses it: asks at once when it was left alone. */
  wake(): void {
    if (!this.#isAsleep || this.#closing.signal.aborted || this.#options.gate.isPaused) return;
    this.#isAsleep = false;
    void this.#ask();
  }

  close(): void {
    this.#closing.abort();
    this.#unsubscribe();
    this.#stop();
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#isAsleep = false;
    this.#probing?.abort();
  }

  #schedule(): void {
    const intervalMs = Math.max(MIN_INTERVAL_MS, this.#options.intervalMs);
    this.#timer = setTimeout(() => {
      if (this.#options.isIdle()) this.#isAsleep = true;
      else void this.#ask();
    }, intervalMs);
    this.#timer.unref();
  }

  async #ask(): Promise<void> {
    const probing = new AbortController();
    this.#probing = probing;
    const isWell = await this.#options.probe(probing.signal);
    if (probing.signal.aborted) return;
    const before = this.#failures;
    this.#failures = isWell ? 0 : before + 1;
    if (isWell && before >= FAILURES_UNTIL_UNHEALTHY) this.#options.onChange(true);
    if (this.#failures === FAILURES_UNTIL_UNHEALTHY) this.#options.onChange(false);
    if (!this.#closing.signal.aborted) this.#schedule();
  }
}
