import { toVitrineError } from '#shared/errors.ts';

/** Control characters of what an attempt named would drive the terminal; they are shown as they are written. */
export const plain = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what this is about
  text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, (character) =>
    JSON.stringify(character).slice(1, -1),
  );

/** Prints a result: as JSON for programs, else by the function for people. */
export function print<T>(value: T, asJson: boolean, forPeople: (value: T) => string): void {
  process.stdout.write(`${asJson ? JSON.stringify(value) : forPeople(value)}\n`);
}

/** Prints an error to standard error: what happened, and what to do. */
export function printError(thrown: unknown, asJson: boolean): void {
  const error = toVitrineError(thrown);
  if (asJson) process.stderr.write(`${JSON.stringify(error.toBody())}\n`);
  else process.stderr.write(`${plain(error.message)}\n${plain(error.remedy)}\n`);
  if (error.code === 'INTERNAL' && !asJson) console.error(thrown);
}

/** Columns, aligned; the last one as it is. */
export function table(rows: string[][]): string {
  const widths =
    rows[0]?.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column < row.length - 1 ? cell.padEnd(widths[column] ?? 0) : cell))
        .join('  '),
    )
    .join('\n');
}
