import { availableParallelism, totalmem } from 'node:os';
import { expect, test } from 'vitest';
import { utilization } from './utilization.ts';

const NOW = 1_000_000;
const sample = (at: number, cpuPercent: number, memoryBytes: number, networkBytesPerSecond: number) => ({
  at,
  cpuPercent,
  memoryBytes,
  networkBytesPerSecond,
  processes: 1,
});
const used = (at: number, traffic = 0) => ({
  usage: {
    samples: [
      sample(at - 90_000, 900, 1, 9_999),
      sample(at - 2_000, 900, 1, 0),
      sample(at, 50, totalmem() / 4, traffic),
    ],
  },
});

test('adds up what was measured lately, and says nothing of what was not', () => {
  expect(utilization([used(NOW - 60_000)], NOW)).toBeNull();
  expect(utilization([], NOW)).toBeNull();
  expect(utilization([used(NOW - 1_000, 200), used(NOW - 2_000), used(NOW - 99_000, 7_777)], NOW)).toEqual({
    cpu: 1 / availableParallelism(),
    memory: 0.5,
    network: 100,
  });
});
