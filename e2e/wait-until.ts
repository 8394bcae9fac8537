import { setTimeout as delay } from 'node:timers/promises';

export interface WaitOptions {
  /** What is waited for, as the message says it: "the board to answer". */
  what: string;
  deadlineMs?: number;
  intervalMs?: number;
  signal?: AbortSignal;
}

/**
 * Asks again and again until the answer is neither undefined, null nor false, and returns it.
 * Only for what offers no event to wait for. An exception counts as "not yet" and becomes the cause of the failure.
 */
export async function waitUntil<T>(
  ask: () => T | Promise<T>,
  { what, deadlineMs = 15_000, intervalMs = 50, signal }: WaitOptions,
): Promise<Exclude<T, undefined | null | false>> {
  const end = performance.now() + deadlineMs;
  let cause: unknown;
  do {
    try {
      const answer = await ask();
      if (isThere(answer)) return answer;
      cause = undefined;
    } catch (thrown) {
      cause = thrown;
    }
    await delay(intervalMs, undefined, { signal });
  } while (performance.now() < end);
  throw new Error(`Waited ${deadlineMs} ms in vain for ${what}`, { cause });
}

function isThere<T>(answer: T): answer is Exclude<T, undefined | null | false> {
  return answer !== undefined && answer !== null && answer !== false;
}
