/** What a service may print before lines are left out. */
export interface OutputBudget {
  /** Lines and bytes of a burst. */
  burstLines: number;
  burstBytes: number;
  /** What is regained each second. */
  linesPerSecond: number;
  bytesPerSecond: number;
}

/** More than a person can read, a verbose test run or build fits. */
export const DEFAULT_BUDGET: OutputBudget = {
  burstLines: 4_000,
  burstBytes: 2_000_000,
  linesPerSecond: 1_000,
  bytesPerSecond: 500_000,
};

/** How soon after the last dropped line the notice appears when nothing else is printed. */
const NOTICE_DELAY_MS = 500;

/**
 * Lets lines through at a bounded rate. What exceeds it is left out and counted in a `… n lines dropped` line
 * at that place.
 */
export class FloodGuard {
  #lines: number;
  #bytes: number;
  #refilledAt: number;
  #dropped = 0;
  #timer: NodeJS.Timeout | null = null;
  readonly #budget: OutputBudget;
  readonly #emit: (line: string) => void;

  constructor(emit: (line: string) => void, budget: OutputBudget = DEFAULT_BUDGET) {
    this.#emit = emit;
    this.#budget = budget;
    this.#lines = budget.burstLines;
    this.#bytes = budget.burstBytes;
    this.#refilledAt = performance.now();
  }

  /** `congested`: whoever takes the lines is behind, so drop whatever the budget says. */
  push(line: string, congested = false): void {
    if (this.admits(line.length, congested)) this.pass(line);
  }

  /** Whether a line of that length would be let through; one that is not is counted as dropped. */
  admits(length: number, congested = false): boolean {
    this.#refill();
    // Once lines were dropped, wait for a tenth of the burst: one notice for many lines, not one for each.
    const needed = this.#dropped > 0 ? this.#budget.burstLines / 10 : 1;
    if (!congested && this.#lines >= needed && this.#bytes >= length) return true;
    this.#dropped += 1;
    this.#scheduleNotice();
    return false;
  }

  /** Lets a line through that was admitted just before. */
  pass(line: string): void {
    this.#notice();
    this.#lines -= 1;
    this.#bytes -= line.length;
    this.#emit(line);
  }

  /** Says at last what was dropped. Nothing may be pushed afterwards. */
  end(): void {
    this.#notice();
  }

  #refill(): void {
    const now = performance.now();
    const seconds = (now - this.#refilledAt) / 1000;
    this.#refilledAt = now;
    const { burstLines, burstBytes, linesPerSecond, bytesPerSecond } = this.#budget;
    this.#lines = Math.min(burstLines, this.#lines + seconds * linesPerSecond);
    this.#bytes = Math.min(burstBytes, this.#bytes + seconds * bytesPerSecond);
  }

  #scheduleNotice(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#notice();
    }, NOTICE_DELAY_MS).unref();
  }

  #notice(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#dropped === 0) return;
    const count = this.#dropped;
    this.#dropped = 0;
    this.#emit(`… ${count} lines dropped`);
  }
}
