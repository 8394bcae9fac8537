/** Points that a percentile stands for at the least, and most of them on a plot. */
const LEAST_POINTS = 5;
const MOST_BUCKETS = 40;

export interface Bucket {
  /** When its last point was. */
  at: number;
  p50: number;
  p95: number;
}

/** Half and most of the points, a stretch of them at a time; the oldest first. */
export function percentilesOverTime(points: readonly { at: number; durationMs: number }[]): Bucket[] {
  const size = Math.max(LEAST_POINTS, Math.ceil(points.length / MOST_BUCKETS));
  const buckets: Bucket[] = [];
  for (let end = points.length; end > 0; end -= size) {
    const stretch = points.slice(Math.max(0, end - size), end);
    // What is left at the beginning may be too little to say anything.
    if (stretch.length < LEAST_POINTS && buckets.length > 0) break;
    const sorted = stretch.map(({ durationMs }) => durationMs).toSorted((a, b) => a - b);
    const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
    buckets.unshift({ at: stretch.at(-1)?.at ?? 0, p50: at(0.5), p95: at(0.95) });
  }
  return buckets;
}
