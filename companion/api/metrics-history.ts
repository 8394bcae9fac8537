import type { MetricsHistory } from '#shared/api/metrics-history.ts';
import type { EventRow } from '../storage/registry.ts';

/** A plot shows no more than this many points apart. */
const MOST_POINTS = 2_000;

type Kept = Pick<MetricsHistory, 'loads' | 'hotReloads' | 'verdicts'>;
type Happened = { events: readonly Pick<EventRow, 'environment_id' | 'at' | 'type'>[] };

/** Each start that succeeded and each failure, from what the registry keeps in its order. */
export function startsAndFailures({ events }: Happened): Pick<MetricsHistory, 'starts' | 'failures'> {
  const begun = new Map<string, number>();
  const starts: MetricsHistory['starts'] = [];
  const failures: MetricsHistory['failures'] = [];
  for (const { environment_id: id, at, type } of events) {
    const since = begun.get(id);
    if (type === 'initializing') begun.set(id, at);
    if (type === 'failed') failures.push({ at });
    if (type === 'running' && since !== undefined) starts.push({ at, durationMs: at - since });
    // A resume is no start: the next one begins with its own first event.
    if (type === 'running' || type === 'failed' || type === 'stopped') begun.delete(id);
  }
  return { starts, failures };
}

/** How long things took and when environments failed, as much of it as a plot shows. */
export function metricsHistory({ events, loads, hotReloads, verdicts }: Kept & Happened): MetricsHistory {
  const { starts, failures } = startsAndFailures({ events });
  return {
    starts: starts.slice(-MOST_POINTS),
    failures: failures.slice(-MOST_POINTS),
    loads: loads.slice(-MOST_POINTS),
    hotReloads: hotReloads.slice(-MOST_POINTS),
    verdicts: verdicts.slice(-MOST_POINTS),
  };
}
