import type { ConsoleEntry } from '#shared/realtime/console-entry.ts';
import { said, saidInPage } from '../text/said.ts';
import { parseAnsi } from './ansi.ts';
import type { ConsoleRowData } from './console-view.ts';

/** A copy of more than this helps nobody, and a clipboard that large stops other programs. Characters. */
export const MAX_COPY_CHARACTERS = 5_000_000;

/** Rows as plain text, one line each: time, source, level, text; without colours and controls. */
export function consoleText(rows: readonly ConsoleRowData[], limit = Number.POSITIVE_INFINITY): string {
  const parts: string[] = [];
  let length = 0;
  for (const { entry, count } of rows) {
    const line = formatLine(entry, count);
    length += line.length;
    if (length > limit) break;
    parts.push(line);
  }
  return parts.join('');
}

function formatLine(entry: ConsoleEntry, count: number): string {
  const { at, source, service, level, stack } = entry;
  const plain = parseAnsi(lineText(entry))
    .map((run) => run.text)
    .join('');
  const times = count > 1 ? ` (${count} times)` : '';
  const where = source === 'server' ? (service ?? source) : source;
  return `${new Date(at).toISOString()} ${where} ${level} ${plain}${times}\n${stack ? `${stack}\n` : ''}`;
}

/** What a line says; Vitrine's own words in the workbench's language. */
export function lineText({ source, text }: ConsoleEntry): string {
  if (source === 'vitrine') return said(text);
  return source === 'browser' ? saidInPage(text) : text;
}

/** The JSON value that a line is, or ends with: what structured loggers print. */
export function jsonIn(text: string): { before: string; value: object } | undefined {
  const last = text.trimEnd().at(-1);
  if (last !== '}' && last !== ']') return undefined;
  const start = text.search(last === '}' ? /\{/ : /\[/);
  if (start < 0) return undefined;
  try {
    const value: unknown = JSON.parse(text.slice(start));
    if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) return undefined;
    return { before: text.slice(0, start), value };
  } catch {
    return undefined;
  }
}
