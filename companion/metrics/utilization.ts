import { availableParallelism, totalmem } from 'node:os';
import type { Metrics } from '#shared/api/metrics.ts';
import type { NetworkRequest } from '#shared/api/network.ts';
import type { UsageSample } from '#shared/api/usage.ts';

/** A sample that is older says nothing about now. */
const FRESH_MS = 10_000;
/** Traffic is that of the last minute. */
const TRAFFIC_MS = 60_000;

export interface Used {
  readonly usage: readonly UsageSample[];
  readonly network: { list(): { requests: readonly NetworkRequest[] } };
}

/** What all sandboxes together use of this machine; null where nothing of it was measured lately. */
export function utilization(environments: readonly Used[], now: number): Metrics['resourceUtilization'] {
  const newest = environments
    .flatMap(({ usage }) => usage.at(-1) ?? [])
    .filter(({ at }) => now - at < FRESH_MS);
  if (newest.length === 0) return null;
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  const bytes = environments.flatMap(({ network }) =>
    network
      .list()
      .requests.filter(({ startedAt }) => now - startedAt < TRAFFIC_MS)
      .map(({ requestBytes, responseBytes }) => requestBytes + responseBytes),
  );
  return {
    cpu: Math.min(1, sum(newest.map(({ cpuPercent }) => cpuPercent)) / 100 / availableParallelism()),
    memory: Math.min(1, sum(newest.map(({ memoryBytes }) => memoryBytes)) / totalmem()),
    network: sum(bytes) / (TRAFFIC_MS / 1_000),
  };
}
