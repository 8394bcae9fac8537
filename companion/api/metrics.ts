import type { Metrics } from '#shared/api/metrics.ts';
import type { Environments } from '../environments/environments.ts';
import type { EventRow } from '../storage/registry.ts';

/** Specification section 10, from the registry's events. Resource use is measured where a runtime reports it. */
export function computeMetrics(events: EventRow[], environments: Environments, now: number): Metrics {
  const byEnvironment = Map.groupBy(events, (event) => event.environment_id);
  const lifetimes: number[] = [];
  const creations: number[] = [];
  let failed = 0;
  for (const history of byEnvironment.values()) {
    const at = (type: string) => history.find((event) => event.type === type)?.at;
    const created = at('initializing');
    const running = at('running');
    if (created === undefined) continue;
    lifetimes.push((history.findLast((event) => event.type === 'stopped')?.at ?? now) - created);
    if (running !== undefined) creations.push(running - created);
    if (at('failed') !== undefined) failed += 1;
  }
  creations.sort((a, b) => a - b);
  const percentile = (share: number) =>
    creations[Math.min(creations.length - 1, Math.floor(creations.length * share))] ?? null;
  return {
    totalEnvironments: byEnvironment.size,
    activeEnvironments: environments.list().filter(({ record }) => record.status === 'running').length,
    averageLifetimeMs:
      lifetimes.length > 0 ? lifetimes.reduce((sum, each) => sum + each, 0) / lifetimes.length : 0,
    creationTimeMs: { p50: percentile(0.5), p95: percentile(0.95) },
    resourceUtilization: null,
    errorRate: byEnvironment.size > 0 ? failed / byEnvironment.size : 0,
    userSatisfaction: null,
  };
}
