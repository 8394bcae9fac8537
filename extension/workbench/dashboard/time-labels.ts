import { language } from '../text/language.ts';

const DAY_S = 86_400;
const MINUTE_S = 60;

/** What the marks of a time axis say, as exactly as they are apart. Seconds since 1970. */
export function timeLabels(splits: readonly number[]): string[] {
  const [first = 0, second = first] = splits;
  const range = (splits.at(-1) ?? first) - first;
  const step = second - first;
  const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  const shown =
    range >= 2 * DAY_S
      ? ({ day: 'numeric', month: 'short' } as const)
      : step > 0 && step < MINUTE_S
        ? ({ ...clock, second: '2-digit' } as const)
        : clock;
  const format = new Intl.DateTimeFormat(language.peek(), shown);
  return splits.map((at) => format.format(at * 1_000));
}

/** Day and time, to the minute. */
export function timeLabel(at: number): string {
  return new Intl.DateTimeFormat(language.peek(), {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(at * 1_000);
}
