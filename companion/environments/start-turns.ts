import { availableParallelism } from 'node:os';

/**
 * Starts at once: more only make each slower. Fifty containers took as long in all when started together as four at
 * a time on two cores, but half of them were ready ten times sooner.
 */
const STARTS_TOGETHER = Math.max(2, availableParallelism() * 2);
/** A start that takes longer waits for something else than the machine. */
const MAX_TURN_MS = 5_000;

/** Lets a bounded number of starts go on at the same time, the others wait in the order they came. */
export class StartTurns {
  readonly #limit: number;
  readonly #waiting: (() => void)[] = [];
  #taken = 0;

  constructor(limit = STARTS_TOGETHER) {
    this.#limit = limit;
  }

  /** Resolves with the way to give the turn back, which may be called more than once. Rejects by the signal only. */
  async take(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#taken < this.#limit) this.#taken += 1;
    else await this.#wait(signal);
    let isBack = false;
    return () => {
      if (isBack) return;
      isBack = true;
      const next = this.#waiting.shift();
      if (next) next();
      else this.#taken -= 1;
    };
  }

  /** Runs a start when its turn comes. Once the signal is aborted it runs at once: it knows then that it is to end. */
  async run(start: () => Promise<void>, signal: AbortSignal): Promise<void> {
    const giveBack = await this.take(signal).catch(() => null);
    const timer = setTimeout(() => giveBack?.(), MAX_TURN_MS);
    try {
      await start();
    } finally {
      clearTimeout(timer);
      giveBack?.();
    }
  }

  #wait(signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const onAbort = () => {
      this.#waiting.splice(this.#waiting.indexOf(onTurn), 1);
      reject(signal.reason);
    };
    const onTurn = () => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    };
    signal.addEventListener('abort', onAbort, { once: true });
    this.#waiting.push(onTurn);
    return promise;
  }
}
