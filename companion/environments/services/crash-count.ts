import type { Failure } from '#shared/api/environment.ts';
import { crashLoop } from './service-failures.ts';

/** A service that ended this often in a row without having been up is left alone until something changes. */
const MAX_FAILED_STARTS = 3;
/** So is one that comes up each time and ends this often within the time below. */
const MAX_ENDS = 8;
const ENDS_WITHIN_MS = 300_000;
/** Waited before the next start: doubled each time. */
const FIRST_BACKOFF_MS = 250;
/** A service that was up for this long failed for a new reason, not for the last one. */
const STABLE_MS = 10_000;

/** Counts how often a service ended without having been asked to: what follows is waited for, or it is left alone. */
export class CrashCount {
  #failedStarts = 0;
  /** When it ended lately, the oldest first. */
  #ends: number[] = [];

  /** It ended `now`; both times are the gate's. */
  note(startedAt: number, now: number): void {
    this.#failedStarts = now - startedAt > STABLE_MS ? 1 : this.#failedStarts + 1;
    this.#ends = [...this.#ends.filter((at) => now - at < ENDS_WITHIN_MS), now];
  }

  /** Somebody asked for a start: what was before does not count. */
  forget(): void {
    this.#failedStarts = 0;
    this.#ends = [];
  }

  /** Whether it would end again and again. */
  get isLoop(): boolean {
    return this.#failedStarts >= MAX_FAILED_STARTS || this.#ends.length >= MAX_ENDS;
  }

  /** Waited before the next start. */
  get backoffMs(): number {
    return FIRST_BACKOFF_MS * 2 ** (this.#failedStarts - 1);
  }

  /** The failure of the last end, which says so where it is one of many. */
  describe(last: Failure): Failure {
    const [first = 0] = this.#ends;
    return this.isLoop ? crashLoop(last, this.#ends.length, (this.#ends.at(-1) ?? first) - first) : last;
  }
}
