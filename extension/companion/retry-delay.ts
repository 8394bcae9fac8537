/** First wait after a failed attempt. */
const FIRST_DELAY_MS = 1_000;
/** Longest wait: somebody who just installed the companion looks at the page and waits for it. */
const LONGEST_DELAY_MS = 8_000;

/** How long to wait after this many failures in a row (1 = the first). */
export function retryDelayMs(failures: number): number {
  return Math.min(FIRST_DELAY_MS * 2 ** (failures - 1), LONGEST_DELAY_MS);
}
