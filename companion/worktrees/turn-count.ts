import type { Period } from './changed-between.ts';

/**
 * The system keeps this many news for us (fs.inotify.max_queued_events) unless told otherwise, half of it here to be
 * safe; what comes on top is lost, and Node does not say so.
 */
const MOST_AT_ONCE = 8_192;
/** The clock of files lags behind by a tick of the kernel, and news are read a moment before they are told. */
const MARGIN_MS = 50;

/** Notices when more came in one turn of the event loop than the system may have kept. */
export class TurnCount {
  readonly #onOverflow: (period: Period) => void;
  #count = 0;
  #isTurnEnding = false;
  /** When all that had happened was known. */
  #drainedAt = Date.now();

  constructor(onOverflow: (period: Period) => void) {
    this.#onOverflow = onOverflow;
  }

  add(): void {
    this.#count += 1;
    if (this.#isTurnEnding) return;
    this.#isTurnEnding = true;
    setImmediate(() => this.#turnEnded());
  }

  #turnEnded(): void {
    const [count, before] = [this.#count, this.#drainedAt];
    this.#isTurnEnding = false;
    this.#count = 0;
    this.#drainedAt = Date.now();
    if (count >= MOST_AT_ONCE) this.#onOverflow({ fromMs: before - MARGIN_MS, toMs: this.#drainedAt });
  }
}
