import { formatNumber } from './number.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A measured time as a person reads it: `48 ms`, `1.2 s`, `2 min 5 s`, `3 h 20 min`. */
export function formatDuration(ms: number): string {
  const whole = Math.max(0, Math.round(ms));
  if (whole < 1_000) return `${whole} ms`;
  // What rounds up to a minute is one.
  if (whole < MINUTE_MS - 50) return `${formatNumber(whole / 1_000, 1)} s`;
  if (whole < HOUR_MS - 500) return inTwo(Math.round(whole / 1_000), 'min', 's');
  return inTwo(Math.round(whole / MINUTE_MS), 'h', 'min');
}

/** Sixtieths beside what they are of; none are not told. */
function inTwo(sixtieths: number, large: string, small: string): string {
  const rest = sixtieths % 60;
  return `${formatNumber(Math.floor(sixtieths / 60))} ${large}${rest === 0 ? '' : ` ${rest} ${small}`}`;
}
