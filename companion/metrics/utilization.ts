import { availableParallelism, totalmem } from 'node:os';
import type { Metrics } from '#shared/api/metrics.ts';
import type { UsageSample } from '#shared/api/usage.ts';

/** A sample that is older says nothing about now. */
const FRESH_MS = 10_000;
/** Traffic is that of the last minute. */
const TRAFFIC_MS = 60_000;

export interface Used {
  readonly usage: { readonly samples: readonly UsageSample[] };
}

/** What all sandboxes together use of this machine; null where nothing of it was measured lately. */
export function utilization(environments: readonly Used[], now: number): Metrics['resourceUtilization'] {
  const fresh = environments
    .map(({ usage }) => usage.samples)
    .filter((samples) => now - (samples.at(-1)?.at ?? 0) < FRESH_MS);
  if (fresh.length === 0) return null;
  const newest = fresh.flatMap((samples) => samples.at(-1) ?? []);
  return {
    cpu: Math.min(1, sum(newest.map(({ cpuPercent }) => cpuPercent)) / 100 / availableParallelism()),
    memory: Math.min(1, sum(newest.map(({ memoryBytes }) => memoryBytes)) / totalmem()),
    network: sum(fresh.map((samples) => trafficOf(samples, now))),
  };
}

/** Bytes a second, on the average of the last minute: traffic comes in bursts. */
function trafficOf(samples: readonly UsageSample[], now: number): number {
  const late = samples.filter(({ at }) => now - at < TRAFFIC_MS);
  return sum(late.map(({ networkBytesPerSecond }) => networkBytesPerSecond)) / Math.max(1, late.length);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
