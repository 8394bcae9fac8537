import { setTimeout as delay } from 'node:timers/promises';

/** Losses of a sandbox in a row after which it is left alone: something ends it each time. */
const MAX_LOSSES = 3;
/** A sandbox that lived this long was lost for a new reason, not for the last one. */
const STABLE_MS = 60_000;
/** Pause before the engine is asked again whether it is back: doubled up to the second. */
const FIRST_PAUSE_MS = 500;
const MAX_PAUSE_MS = 15_000;

export interface RecoveryOptions {
  /** Whether the engine that runs sandboxes answers. */
  isEngineUp(signal: AbortSignal): Promise<boolean>;
  /** Starts the environment anew. */
  restart(): Promise<void>;
  /** The engine does not answer: this waits until it does. */
  onWaiting(): void;
}

/** Brings an environment back whose sandbox ended by itself: at once, or when its engine is there again. */
export class Recovery {
  readonly #options: RecoveryOptions;
  #losses = 0;
  #lastLossAt = Number.NEGATIVE_INFINITY;
  #waiting: AbortController | undefined;

  constructor(options: RecoveryOptions) {
    this.#options = options;
  }

  /** Resolves true once the environment was started again, false when it is left as it is. Never rejects. */
  async afterLoss(): Promise<boolean> {
    this.cancel();
    const now = performance.now();
    this.#losses = now - this.#lastLossAt > STABLE_MS ? 1 : this.#losses + 1;
    this.#lastLossAt = now;
    if (this.#losses > MAX_LOSSES) return false;
    const waiting = new AbortController();
    this.#waiting = waiting;
    if (!(await this.#engineUp(waiting.signal)) || waiting.signal.aborted) return false;
    await this.#options.restart();
    return true;
  }

  /** Somebody else starts or ends the environment. */
  cancel(): void {
    this.#waiting?.abort();
    this.#waiting = undefined;
  }

  async #engineUp(signal: AbortSignal): Promise<boolean> {
    for (let pause = FIRST_PAUSE_MS; !signal.aborted; pause = Math.min(pause * 2, MAX_PAUSE_MS)) {
      if (await this.#options.isEngineUp(signal).catch(() => false)) return true;
      if (pause === FIRST_PAUSE_MS) this.#options.onWaiting();
      await delay(pause, undefined, { signal, ref: false }).catch(() => undefined); // cancelled: the loop ends
    }
    return false;
  }
}
