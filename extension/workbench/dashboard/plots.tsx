import { useMemo } from 'preact/hooks';
import type { MetricsHistory } from '#shared/api/metrics-history.ts';
import { formatDuration } from '../text/duration.ts';
import { text } from '../text/text.ts';
import { percentilesOverTime } from './percentiles-over-time.ts';
import { type PlotSeries, TimePlot } from './time-plot.tsx';

/** How long starts took over time, each a point; failures stand at the foot. */
export function StartPlot({ starts, failures }: Pick<MetricsHistory, 'starts' | 'failures'>) {
  const series = useMemo<PlotSeries[]>(
    () => [
      { label: text('dashboard.start-time'), color: '--accent', kind: 'points', points: valuesOf(starts) },
      {
        label: text('dashboard.failures'),
        color: '--bad',
        kind: 'points',
        points: failures.map(({ at }) => ({ at, value: 0 })),
        format: () => '×',
      },
    ],
    [starts, failures],
  );
  const label = text('dashboard.plot', { starts: starts.length, failures: failures.length });
  return <TimePlot label={label} series={series} />;
}

interface LatencyPlotProps {
  /** What was measured. */
  name: string;
  points: MetricsHistory['loads'];
}

/** Single measurements, and how half and most of them fared over time. */
export function LatencyPlot({ name, points }: LatencyPlotProps) {
  const buckets = useMemo(() => percentilesOverTime(points), [points]);
  const series = useMemo<PlotSeries[]>(
    () => [
      { label: text('dashboard.single'), color: '--line-strong', kind: 'points', points: valuesOf(points) },
      {
        label: text('dashboard.median'),
        color: '--accent',
        kind: 'line',
        points: buckets.map(({ at, p50 }) => ({ at, value: p50 })),
      },
      {
        label: text('dashboard.most'),
        color: '--warn',
        kind: 'dashes',
        points: buckets.map(({ at, p95 }) => ({ at, value: p95 })),
      },
    ],
    [points, buckets],
  );
  const last = buckets.at(-1);
  const label = text('dashboard.latency-plot', {
    name,
    count: points.length,
    p50: formatDuration(last?.p50 ?? 0),
    p95: formatDuration(last?.p95 ?? 0),
  });
  return <TimePlot label={label} series={series} />;
}

const valuesOf = (points: MetricsHistory['loads']) =>
  points.map(({ at, durationMs }) => ({ at, value: durationMs }));
