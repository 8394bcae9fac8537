import type { Metrics } from '#shared/api/metrics.ts';
import type { Environment } from '../environments/environment.ts';
import { halfAndMost } from '../metrics/percentiles.ts';
import { utilization } from '../metrics/utilization.ts';
import type { EventRow } from '../storage/registry.ts';
import { startsAndFailures } from './metrics-history.ts';

export interface Measured {
  events: readonly EventRow[];
  loads: readonly { durationMs: number }[];
  hotReloads: readonly { durationMs: number }[];
  verdicts: readonly { useful: boolean }[];
  interactions: number;
}

/** Specification section 10, from what the registry keeps and what sandboxes use now. */
export function computeMetrics(
  measured: Measured,
  environments: readonly Environment[],
  now: number,
): Metrics {
  const byEnvironment = Map.groupBy(measured.events, (event) => event.environment_id);
  const lifetimes: number[] = [];
  let failed = 0;
  for (const history of byEnvironment.values()) {
    const at = (type: string) => history.find((event) => event.type === type)?.at;
    const created = at('initializing');
    if (created === undefined) continue;
    lifetimes.push((history.findLast((event) => event.type === 'stopped')?.at ?? now) - created);
    if (at('failed') !== undefined) failed += 1;
  }
  const { loads, hotReloads, verdicts, interactions } = measured;
  const duration = ({ durationMs }: { durationMs: number }) => durationMs;
  return {
    totalEnvironments: byEnvironment.size,
    activeEnvironments: environments.filter(({ record }) => record.status === 'running').length,
    averageLifetimeMs:
      lifetimes.length > 0 ? lifetimes.reduce((sum, each) => sum + each, 0) / lifetimes.length : 0,
    creationTimeMs: halfAndMost(startsAndFailures(measured).starts.map(duration)),
    previewLoadMs: halfAndMost(loads.map(duration)),
    hotReloadMs: halfAndMost(hotReloads.map(duration)),
    resourceUtilization: utilization(environments, now),
    errorRate: byEnvironment.size > 0 ? failed / byEnvironment.size : 0,
    userInteractions: interactions,
    userSatisfaction:
      verdicts.length > 0 ? verdicts.filter(({ useful }) => useful).length / verdicts.length : null,
  };
}
