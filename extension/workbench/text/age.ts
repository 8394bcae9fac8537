import { text } from './text.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** How long ago something was, as coarsely as a person would say it. */
export function formatAge(at: number, now: number): string {
  const ms = Math.max(0, now - at);
  if (ms < MINUTE_MS) return text('age.now');
  if (ms < HOUR_MS) return text('age.minutes', { count: Math.floor(ms / MINUTE_MS) });
  if (ms < DAY_MS) return text('age.hours', { count: Math.floor(ms / HOUR_MS) });
  return text('age.days', { count: Math.floor(ms / DAY_MS) });
}
