import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { formatDuration } from '../text/duration.ts';
import { text } from '../text/text.ts';
import { timeLabel, timeLabels } from './time-labels.ts';

const HEIGHT_PX = 220;
/** Beside the first and the last time, of what lies between: their points are whole. */
const MARGIN = 0.01;

/** One series of durations over time. */
export interface PlotSeries {
  label: string;
  /** Custom property with its colour. */
  color: string;
  /** Points of their own, or a line through them. */
  kind: 'points' | 'line' | 'dashes';
  points: readonly { at: number; value: number }[];
  /** How a value reads; a duration unless told. */
  format?: (value: number) => string;
}

interface TimePlotProps {
  /** What a reader without the picture has to know. */
  label: string;
  series: readonly PlotSeries[];
}

/** Durations over time, with axes, units, and the values under the pointer. Times are in milliseconds. */
export function TimePlot({ label, series }: TimePlotProps) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const parent = element.current;
    if (!parent) return;
    const plot = new uPlot(optionsOf(parent, series), columnsOf(series), parent);
    const observer = new ResizeObserver(() => plot.setSize({ width: parent.clientWidth, height: HEIGHT_PX }));
    observer.observe(parent);
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    const redraw = () => plot.redraw(false);
    scheme.addEventListener('change', redraw);
    return () => {
      observer.disconnect();
      scheme.removeEventListener('change', redraw);
      plot.destroy();
    };
  }, [series]);
  return <div class="plot" role="img" aria-label={label} ref={element} />;
}

function optionsOf(parent: HTMLElement, series: readonly PlotSeries[]): uPlot.Options {
  const style = getComputedStyle(parent);
  const axis: uPlot.Axis = {
    stroke: () => resolved(parent, '--text-quiet'),
    grid: { stroke: () => resolved(parent, '--line'), width: 1 },
    ticks: { stroke: () => resolved(parent, '--line'), width: 1 },
    font: `11px ${style.fontFamily}`,
  };
  return {
    width: parent.clientWidth,
    height: HEIGHT_PX,
    legend: { live: true },
    series: [
      { label: text('dashboard.time'), value: (_plot, at) => (at === null ? '–' : timeLabel(at)) },
      ...series.map(({ label, color, kind, points, format = formatDuration }) => ({
        label,
        stroke: () => resolved(parent, color),
        value: (_plot: uPlot, value: number | null) => (value === null ? '–' : format(value)),
        ...(kind === 'points'
          ? { paths: () => null, points: { show: true, size: 5, fill: () => resolved(parent, color) } }
          : {
              width: 2,
              spanGaps: true,
              // A line of one point is none.
              points: { show: points.length < 2, size: 6 },
              ...(kind === 'dashes' && { dash: [6, 4] }),
            }),
      })),
    ],
    axes: [
      { ...axis, space: 90, values: (_plot, splits) => timeLabels(splits) },
      { ...axis, size: 64, values: (_plot, splits) => splits.map((value) => formatDuration(value)) },
    ],
    scales: {
      x: { range: (_plot, least, most) => withMargin(least, most) },
      y: { range: (_plot, _least, most) => [0, Math.max(10, (most ?? 0) * 1.1)] },
    },
  };
}

function withMargin(least: number, most: number): [number, number] {
  const margin = least === most ? 60 : (most - least) * MARGIN;
  return [least - margin, most + margin];
}

/** A canvas does not know light-dark(): the colour as it is now. */
function resolved(parent: HTMLElement, property: string): string {
  const before = parent.style.color;
  parent.style.color = `var(${property})`;
  const color = getComputedStyle(parent).color;
  parent.style.color = before;
  return color;
}

/** uPlot's columns: times in seconds, rising; a value or a gap in each series. */
export function columnsOf(series: readonly Pick<PlotSeries, 'points'>[]): uPlot.AlignedData {
  const times = [...new Set(series.flatMap(({ points }) => points.map(({ at }) => at)))].sort(
    (a, b) => a - b,
  );
  const columns = series.map(({ points }) => {
    const values = new Map(points.map(({ at, value }) => [at, value]));
    return times.map((at) => values.get(at) ?? null);
  });
  return [times.map((at) => at / 1_000), ...columns];
}
