import { availableParallelism, totalmem } from 'node:os';
import { expect, test } from 'vitest';
import type { NetworkRequest } from '#shared/api/network.ts';
import { utilization } from './utilization.ts';

const NOW = 1_000_000;
const used = (at: number, requests: Partial<NetworkRequest>[] = []) => ({
  usage: [
    { at: at - 2_000, cpuPercent: 900, memoryBytes: 1, processes: 1 },
    { at, cpuPercent: 50, memoryBytes: totalmem() / 4, processes: 1 },
  ],
  network: { list: () => ({ requests: requests as NetworkRequest[] }) },
});

test('adds up what was measured lately, and says nothing of what was not', () => {
  expect(utilization([used(NOW - 60_000)], NOW)).toBeNull();
  expect(utilization([], NOW)).toBeNull();
  const requests = [
    { startedAt: NOW - 5_000, requestBytes: 1_000, responseBytes: 5_000 },
    { startedAt: NOW - 90_000, requestBytes: 7_777, responseBytes: 7_777 },
  ];
  expect(utilization([used(NOW - 1_000, requests), used(NOW - 2_000), used(NOW - 99_000)], NOW)).toEqual({
    cpu: 1 / availableParallelism(),
    memory: 0.5,
    network: 100,
  });
});
