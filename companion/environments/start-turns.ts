import { availableParallelism } from 'node:os';

/**
 * Starts at once: more only make each slower. Fifty containers took as long in all when started together as four at
 * a time on two cores, but half of them were ready ten times sooner.
 */
const STARTS_TOGETHER = Math.max(2, availableParallelism() * 2);

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
