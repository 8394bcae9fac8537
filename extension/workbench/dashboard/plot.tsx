import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import type { MetricsHistory } from '#shared/api/metrics-history.ts';
import { formatDuration } from '../text/duration.ts';
import { text } from '../text/text.ts';

const HEIGHT_PX = 220;

/** How long starts took over time, each a point; failures stand at the foot. */
export function StartPlot({ history }: { history: MetricsHistory }) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const parent = element.current;
    if (!parent) return;
    const style = getComputedStyle(parent);
    const colour = (name: string) => style.getPropertyValue(name);
    const axis = { stroke: () => style.color, grid: { stroke: () => style.outlineColor, width: 1 } };
    const plot = new uPlot(
      {
        width: parent.clientWidth,
        height: HEIGHT_PX,
        legend: { live: true },
        series: [
          {},
          {
            label: text('dashboard.start-time'),
            stroke: () => style.borderTopColor,
            paths: () => null,
            points: { show: true, size: 7 },
            value: (_plot, value) => (value === null ? '–' : formatDuration(value)),
          },
          {
            label: text('dashboard.failures'),
            stroke: () => style.borderBottomColor,
            paths: () => null,
            points: { show: true, size: 9, fill: colour('--bad') },
            value: (_plot, value) => (value === null ? '–' : '×'),
          },
        ],
        axes: [
          axis,
          { ...axis, size: 64, values: (_plot, splits) => splits.map((value) => formatDuration(value)) },
        ],
        scales: { y: { range: (_plot, _least, most) => [0, Math.max(1_000, most * 1.1)] } },
      },
      dataOf(history),
      parent,
    );
    const observer = new ResizeObserver(() => plot.setSize({ width: parent.clientWidth, height: HEIGHT_PX }));
    observer.observe(parent);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [history]);
  const label = text('dashboard.plot', { starts: history.starts.length, failures: history.failures.length });
  return <div class="plot" role="img" aria-label={label} ref={element} />;
}

/** uPlot's columns: times in seconds, rising; a value or a gap in each series. */
export function dataOf({ starts, failures }: MetricsHistory): uPlot.AlignedData {
  const points = [
    ...starts.map(({ at, durationMs }) => ({ at, start: durationMs, failure: null })),
    ...failures.map(({ at }) => ({ at, start: null, failure: 0 })),
  ].toSorted((a, b) => a.at - b.at);
  return [
    points.map(({ at }) => at / 1_000),
    points.map(({ start }) => start),
    points.map(({ failure }) => failure),
  ];
}
