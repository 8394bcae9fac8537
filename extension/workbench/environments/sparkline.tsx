import './sparkline.css';

const WIDTH = 64;
const HEIGHT = 20;

/** A line of the last values, from nothing to `most`. The words beside it say the last one. */
export function Sparkline({ values, most }: { values: readonly number[]; most: number }) {
  return (
    <svg
      class="sparkline"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width={WIDTH}
      height={HEIGHT}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <polyline points={sparklinePoints(values, most)} />
    </svg>
  );
}

export function sparklinePoints(values: readonly number[], most: number): string {
  const scale = Math.max(most, ...values, Number.MIN_VALUE);
  const step = WIDTH / Math.max(1, values.length - 1);
  return values
    .map((value, index) => {
      const y = HEIGHT - 1 - (Math.max(0, value) / scale) * (HEIGHT - 2);
      return `${(index * step).toFixed(1)},${y.toFixed(1)}`;
    })
    .join(' ');
}
