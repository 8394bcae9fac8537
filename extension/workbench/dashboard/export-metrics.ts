import type { Metrics } from '#shared/api/metrics.ts';
import type { MetricsHistory } from '#shared/api/metrics-history.ts';

/** The history as comma-separated values (RFC 4180), one event a line. */
export function metricsCsv({ starts, failures, loads, hotReloads, verdicts }: MetricsHistory): string {
  const taken = (event: string, points: { at: number; durationMs: number }[]) =>
    points.map(({ at, durationMs }) => ({ at, event, durationMs: String(durationMs) }));
  const rows = [
    ...taken('start', starts),
    ...taken('preview_load', loads),
    ...taken('hot_reload', hotReloads),
    ...failures.map(({ at }) => ({ at, event: 'failure', durationMs: '' })),
    ...verdicts.map(({ at, useful }) => ({ at, event: useful ? 'useful' : 'not_useful', durationMs: '' })),
  ].toSorted((a, b) => a.at - b.at);
  const lines = rows.map(({ at, event, durationMs }) =>
    [new Date(at).toISOString(), event, durationMs].join(','),
  );
  return ['at,event,duration_ms', ...lines, ''].join('\r\n');
}

export function metricsJson(metrics: Metrics, history: MetricsHistory): string {
  return JSON.stringify({ metrics, history }, null, 2);
}
