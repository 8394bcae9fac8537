import type { ConsoleValue } from '#shared/realtime/console-value.ts';
import { writeValue } from '#shared/realtime/write-value.ts';

const MAX_COLUMNS = 20;
const LONGEST_CELL = 60;

/** What `console.table` shows, in lines of text; null for what has no rows. */
export function textTable(value: ConsoleValue, wanted?: readonly string[]): string | null {
  const { entries: rows, size = 0 } = value;
  if (rows === undefined || rows.length === 0) return null;
  const isPlain = (row: ConsoleValue) => row.entries === undefined;
  const named = rows.flatMap(({ value: row }) => row.entries?.map(({ key }) => key) ?? []);
  const columns = [...new Set(wanted ?? named)].slice(0, MAX_COLUMNS);
  const hasValues = wanted === undefined && rows.some(({ value: row }) => isPlain(row));
  const table = [
    ['(index)', ...columns, ...(hasValues ? ['Value'] : [])],
    ...rows.map(({ key, value: row }) => {
      const cells = new Map(row.entries?.map((entry) => [entry.key, entry.value]));
      const plain = hasValues ? [isPlain(row) ? cellText(row) : ''] : [];
      return [key, ...columns.map((column) => cellText(cells.get(column))), ...plain];
    }),
  ];
  const more = size > rows.length ? `\n… ${size - rows.length} more` : '';
  return draw(table) + more;
}

function cellText(value: ConsoleValue | undefined): string {
  if (value === undefined) return '';
  const text = writeValue(value).replaceAll('\n', ' ');
  return text.length > LONGEST_CELL ? `${text.slice(0, LONGEST_CELL)}…` : text;
}

function draw([head = [], ...body]: string[][]): string {
  const widths = head.map((name, at) => Math.max(name.length, ...body.map((row) => row[at]?.length ?? 0)));
  const line = (row: string[]) => `│ ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' │ ')} │`;
  const rule = (left: string, between: string, right: string) =>
    left + widths.map((width) => '─'.repeat(width + 2)).join(between) + right;
  return [rule('┌', '┬', '┐'), line(head), rule('├', '┼', '┤'), ...body.map(line), rule('└', '┴', '┘')].join(
    '\n',
  );
}
