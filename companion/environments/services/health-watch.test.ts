import { afterEach, expect, test } from 'vitest';
import { HealthWatch } from './health-watch.ts';
import { PauseGate } from './pause-gate.ts';

const INTERVAL_MS = 100;
const SEVERAL_INTERVALS_MS = 450;
const severalIntervals = () => new Promise((resolve) => setTimeout(resolve, SEVERAL_INTERVALS_MS));

let watch: HealthWatch | undefined;
afterEach(() => watch?.close());

function open(gate: PauseGate, probe: () => Promise<boolean>) {
  const told: boolean[] = [];
  watch = new HealthWatch({
    intervalMs: INTERVAL_MS,
    probe,
    gate,
    isIdle: () => false,
    onChange: (isHealthy) => told.push(isHealthy),
  });
  return told;
}

test('three failures in a row are told once, and the first answer after them', async () => {
  const answers = [false, false, true, false, false, false, false, true];
  let asked = 0;
  const told = open(new PauseGate(), async () => answers[asked++] ?? true);
  await expect.poll(() => asked, { timeout: 5_000 }).toBe(5);
  expect(told).toEqual([]);
  await expect.poll(() => asked, { timeout: 5_000 }).toBeGreaterThan(8);
  expect(told).toEqual([false, true]);
});

test('nothing is asked during a pause, and what was asked before it does not count', async () => {
  const gate = new PauseGate();
  const pending: PromiseWithResolvers<boolean>[] = [];
  const told = open(gate, () => {
    const answer = Promise.withResolvers<boolean>();
    pending.push(answer);
    if (pending.length < 3) answer.resolve(false);
    return answer.promise;
  });
  await expect.poll(() => pending.length, { timeout: 5_000 }).toBe(3);
  gate.pause();
  pending[2]?.resolve(false);
  await severalIntervals();
  expect([pending.length, told]).toEqual([3, []]);
  gate.resume();
  await expect.poll(() => pending.length, { timeout: 5_000 }).toBe(4);
  pending[3]?.resolve(false);
  await expect.poll(() => told).toEqual([false]);
});

test('a closed one asks nothing more', async () => {
  let asked = 0;
  open(new PauseGate(), async () => Boolean(++asked));
  await expect.poll(() => asked, { timeout: 5_000 }).toBe(1);
  watch?.close();
  await severalIntervals();
  expect(asked).toBe(1);
});
