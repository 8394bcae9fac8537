import type { Metrics } from '#shared/api/metrics.ts';
import type { MetricsHistory } from '#shared/api/metrics-history.ts';

/** The history as comma-separated values (RFC 4180), one event a line. */
export function metricsCsv({ starts, failures }: MetricsHistory): string {
  const rows = [
    ...starts.map(({ at, durationMs }) => ({ at, event: 'start', durationMs: String(durationMs) })),
    ...failures.map(({ at }) => ({ at, event: 'failure', durationMs: '' })),
  ].toSorted((a, b) => a.at - b.at);
  const lines = rows.map(({ at, event, durationMs }) =>
    [new Date(at).toISOString(), event, durationMs].join(','),
  );
  return ['at,event,duration_ms', ...lines, ''].join('\r\n');
}

export function metricsJson(metrics: Metrics, history: MetricsHistory): string {
  return JSON.stringify({ metrics, history }, null, 2);
}
