/** The value that such a share of the others is not above; null where there is none. */
export function percentile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;
}

export const halfAndMost = (values: readonly number[]): { p50: number | null; p95: number | null } => ({
  p50: percentile(values, 0.5),
  p95: percentile(values, 0.95),
});
