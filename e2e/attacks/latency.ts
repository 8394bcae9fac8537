import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { figures } from '../bench/statistics.ts';
import type { Companion } from '../companion.ts';

const BETWEEN_MS = 15;
const QUIET_SAMPLES = 60;
/** Fewer say nothing about a median. */
const MIN_SAMPLES = 20;
/** What a neighbour's median may rise to: this many times its own. */
const MAX_RATIO = 2;
/** Below this a machine's own noise is larger than the ratio: 1 ms to 2.5 ms is nothing a person sees. */
const MIN_RISE_MS = 5;

/** Median milliseconds of requests to an environment, one after the other, while `isGoingOn`. */
async function medianLatency(companion: Companion, id: string, isGoingOn: (samples: number) => boolean) {
  const samples: number[] = [];
  while (isGoingOn(samples.length)) {
    const start = performance.now();
    const { status } = await companion.request(id, { path: '/api/ping' });
    expect(status).toBe(200);
    samples.push(performance.now() - start);
    await delay(BETWEEN_MS);
  }
  return figures(samples);
}

/**
 * Runs an attack while a neighbour is asked, and expects that the neighbour answers about as quickly as it did just
 * before. A slow round is tried once more, because machines have moments of their own.
 */
export async function expectUndisturbed<T>(
  what: string,
  companion: Companion,
  neighbourId: string,
  attack: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    const quiet = await medianLatency(companion, neighbourId, (samples) => samples < QUIET_SAMPLES);
    let isOver = false;
    const attacking = attack().finally(() => {
      isOver = true;
    });
    attacking.catch(() => {}); // awaited below
    const during = await medianLatency(companion, neighbourId, (samples) => !isOver || samples < MIN_SAMPLES);
    const result = await attacking;
    const limit = Math.max(quiet.median * MAX_RATIO, quiet.median + MIN_RISE_MS);
    console.log(
      `${what}: neighbour ${quiet.median.toFixed(1)} ms quiet, ${during.median.toFixed(1)} ms during it ` +
        `(${(during.median / quiet.median).toFixed(2)}x, ${during.runs} requests, slowest ${during.max.toFixed(0)} ms)`,
    );
    if (during.median <= limit) return result;
    if (attempt === 2) {
      throw new Error(
        `${what}: the neighbour’s median rose from ${quiet.median.toFixed(1)} to ${during.median.toFixed(1)} ms, twice`,
      );
    }
  }
}
