import { z } from 'zod';

const MS_PER_UNIT = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const PATTERN = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

/** A duration as written in configuration (`30m`, `500ms`, `1.5h`). Kept as text: see {@link durationMs}. */
export const durationSchema = z
  .string()
  .regex(PATTERN, 'expected a duration such as 30m, 90s, 500ms or 2h')
  .meta({ examples: ['30m', '90s', '2h'] });

/** Milliseconds in a duration that {@link durationSchema} accepted. */
export function durationMs(duration: string): number {
  const match = PATTERN.exec(duration);
  if (!match) throw new RangeError(`Expected a duration such as 30m, got "${duration}"`);
  const unit = match[2] as keyof typeof MS_PER_UNIT; // the pattern admits only these
  return Number(match[1]) * MS_PER_UNIT[unit];
}
