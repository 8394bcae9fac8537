// Free of zod: preview pages load this too.
import type { ConsoleValue } from './console-value.ts';

/** A value in one line of text. Strings are quoted. */
export function writeValue(value: ConsoleValue): string {
  const { type, text, entries, size } = value;
  if (type === 'string') return JSON.stringify(text) + (size === undefined ? '' : '…');
  if (type === 'array') return entries ? `[${list(value)}]` : '[Array]';
  if (type === 'set') return `${text} {${list(value)}}`;
  if (type === 'map') return `${text} {${list(value, ' => ')}}`;
  if (type === 'error') return entries?.length ? `${text} { ${list(value, ': ')} }` : text;
  if (type !== 'object') return text;
  const prefix = text === 'Object' ? '' : `${text} `;
  if (!entries) return size === 0 ? `${prefix}{}` : `[${text}]`;
  return entries.length === 0 ? `${prefix}{}` : `${prefix}{ ${list(value, ': ')} }`;
}

function list({ entries = [], size = entries.length }: ConsoleValue, between?: string): string {
  const shown = entries.map(({ key, value }) =>
    between === undefined ? writeValue(value) : key + between + writeValue(value),
  );
  if (size > entries.length) shown.push(`… ${size - entries.length} more`);
  return shown.join(', ');
}
