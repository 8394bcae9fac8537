import type { NetworkRequest } from '#shared/api/network.ts';
import type { Recording } from './recording.ts';

/** Changes are told at most this often; what begins and ends in between is told once. */
const TICK_MS = 100;
/** Told at a time. With this pace a burst fills neither the channel's memory nor a viewer's screen. */
const MAX_TOLD_PER_TICK = 20;
/** A request that goes on for long is told this often. */
const PROGRESS_MS = 1_000;

/**
 * Tells a channel about recordings that changed. It never holds more than the log does: of a flood only those still
 * kept when their turn comes are told, and the rest is never heard of.
 */
export class LiveQueue {
  readonly #tell: (request: NetworkRequest) => void;
  readonly #waiting = new Set<Recording>();
  #timer: NodeJS.Timeout | undefined;

  constructor(tell: (request: NetworkRequest) => void) {
    this.#tell = tell;
  }

  add(recording: Recording): void {
    this.#waiting.add(recording);
    this.#timer ??= setTimeout(this.#flush, TICK_MS).unref();
  }

  delete(recording: Recording): void {
    this.#waiting.delete(recording);
  }

  readonly #flush = (): void => {
    this.#timer = undefined;
    const now = performance.now();
    let told = 0;
    for (const recording of this.#waiting) {
      if (told === MAX_TOLD_PER_TICK) break;
      if (!recording.isOver && recording.toldAt > 0 && now - recording.toldAt < PROGRESS_MS) continue;
      this.#waiting.delete(recording);
      recording.toldAt = now;
      told += 1;
      this.#tell(recording.toRow());
    }
    if (this.#waiting.size > 0) this.#timer = setTimeout(this.#flush, TICK_MS).unref();
  };
}
