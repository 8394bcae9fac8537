import type { ConsoleValue } from '#shared/realtime/console-value.ts';
import { writeValue } from '#shared/realtime/write-value.ts';
import { lookAt, PRINTED } from './look-at-value.ts';

/** Arguments that are told as values; what comes after them is in the text. */
const MAX_VALUES = 20;

export interface Described {
  /** Plain text: `%s` and its kin filled in, objects written out to a limit. */
  text: string;
  /** The same in parts, where one of them is more than text. */
  values?: ConsoleValue[];
}

/** What a console call says. */
export function describe(printed: readonly unknown[]): Described {
  const [first, ...rest] = printed;
  const parts: ConsoleValue[] = [];
  if (typeof first === 'string') {
    parts.push({ type: 'string', text: fillIn(first, rest) });
    parts.push(...rest.map((value) => lookAt(value, PRINTED)));
  } else parts.push(...printed.map((value) => lookAt(value, PRINTED)));
  const text = parts.map((part) => (part.type === 'string' ? part.text : writeValue(part))).join(' ');
  const hasObject = parts.some(({ entries }) => entries !== undefined && entries.length > 0);
  return hasObject ? { text, values: withinLimit(parts) } : { text };
}

/** Takes out of the arguments what the placeholders use. */
function fillIn(template: string, rest: unknown[]): string {
  return template.replace(/%([sdifoOc%])/g, (whole, kind: string) => {
    if (kind === '%') return '%';
    if (rest.length === 0) return whole;
    const value = rest.shift();
    if (kind === 'c') return '';
    if (kind === 's') return typeof value === 'string' ? value : writeValue(lookAt(value, PRINTED));
    if (kind === 'o' || kind === 'O') return writeValue(lookAt(value, PRINTED));
    if (typeof value === 'bigint') return String(value);
    // Making a number of an object would run its code.
    const number = typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN;
    return String(kind === 'f' ? number : Math.trunc(number));
  });
}

function withinLimit(parts: ConsoleValue[]): ConsoleValue[] {
  const shown = parts.slice(0, MAX_VALUES);
  if (parts.length > MAX_VALUES)
    shown[MAX_VALUES - 1] = { type: 'string', text: `… ${parts.length - MAX_VALUES + 1} more` };
  // A format is the app's own and of any length.
  return shown.map((part) =>
    part.text.length > 16_000 ? { ...part, text: `${part.text.slice(0, 16_000)}…` } : part,
  );
}
