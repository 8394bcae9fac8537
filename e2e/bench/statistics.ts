export interface Figures {
  runs: number;
  median: number;
  p95: number;
  min: number;
  max: number;
}

export function figures(values: number[]): Figures {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (index: number) => sorted[index] ?? Number.NaN;
  const middle = sorted.length / 2;
  const median = Number.isInteger(middle) ? (at(middle - 1) + at(middle)) / 2 : at(Math.floor(middle));
  const p95 = at(Math.max(0, Math.ceil(sorted.length * 0.95) - 1));
  return { runs: sorted.length, median, p95, min: at(0), max: at(sorted.length - 1) };
}

export interface Comparison {
  what: string;
  ours: number[];
  peer: number[];
  /** What the peer is: stock vite unless told. */
  peerName?: string;
}

/** A table with one row for ours and one for the peer under each heading; all times in milliseconds. */
export function comparisonTable(comparisons: Comparison[]): string {
  const rows = [['', 'runs', 'median', 'p95', 'min', 'max', 'ratio']];
  for (const { what, ours, peer, peerName = 'stock vite' } of comparisons) {
    const [own, stock] = [figures(ours), figures(peer)];
    rows.push([`${what}, Vitrine`, ...cells(own), `${(own.median / stock.median).toFixed(2)}x`]);
    rows.push([`${what}, ${peerName}`, ...cells(stock), '']);
  }
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (row: string[]) =>
    row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
    );
  return rows.map((row) => line(row).join('  ').trimEnd()).join('\n');
}

function cells({ runs, median, p95, min, max }: Figures): string[] {
  return [String(runs), ...[median, p95, min, max].map((value) => value.toFixed(value < 20 ? 1 : 0))];
}
