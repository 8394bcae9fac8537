/** A measured time as a person reads it: `48 ms`, `1.2 s`, `2 min 5 s`. */
export function formatDuration(ms: number): string {
  const whole = Math.max(0, Math.round(ms));
  if (whole < 1_000) return `${whole} ms`;
  if (whole < 60_000) return `${(whole / 1_000).toFixed(1)} s`;
  return `${Math.floor(whole / 60_000)} min ${Math.round((whole % 60_000) / 1_000)} s`;
}
