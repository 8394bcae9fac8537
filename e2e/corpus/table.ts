export interface Row {
  name: string;
  isEqual: boolean;
  /** Differing pixels: first page, then after each edit. */
  pixels: number[];
  open?: { stock: number; ours: number };
  edits: { what: string; isSame: boolean; behaviour: string; stockMs: number; oursMs: number }[];
  remarks: string[];
}

/** Lines of the table that an earlier run wrote, by the app they are about. */
export function linesOf(page: string): Map<string, string> {
  const lines = page.split('\n').filter((line) => /^\| (?!app )/.test(line));
  return new Map(lines.map((line) => [line.split('|')[1]?.trim() ?? '', line]));
}

/** The corpus as a Markdown page: apps in their order, those that were not run now as they were. */
export function corpusTable(rows: Row[], names: string[], earlier = new Map<string, string>()): string {
  const kinds = ['script', 'template', 'style'];
  const lines = [
    '# Corpus',
    '',
    'Each app in its own dev server and in a preview, in the same browser at the same size; written by `node e2e/corpus/main.ts --write`.',
    '"Same" is the same picture (no colour off by more than one step of 255) and the same fate of the page’s state; times are milliseconds from the write to the page, preview / own server.',
    '',
    `| app | first page, pixels that differ | ${kinds.join(' edit | ')} edit | remarks |`,
    `|---|---|${kinds.map(() => '---|').join('')}---|`,
  ];
  for (const name of names) {
    const row = rows.find((each) => each.name === name);
    const before = earlier.get(name);
    if (!row && before !== undefined) lines.push(before);
    if (!row) continue;
    const cells = kinds.map((kind) => {
      const index = row.edits.findIndex(({ what }) => what === kind);
      const edit = row.edits[index];
      if (!edit) return '';
      const isSame = edit.isSame && row.pixels[index + 1] === 0;
      return `${isSame ? 'same' : '**differs**'} (${edit.behaviour.split(' ')[0] === 'reload' ? 'reload' : 'in place'}), ${edit.oursMs.toFixed(0)} / ${edit.stockMs.toFixed(0)}`;
    });
    const first = row.pixels[0] === undefined ? '–' : String(row.pixels[0]);
    lines.push(
      `| ${row.name} | ${first} | ${cells.join(' | ')} | ${row.remarks.join('; ').replaceAll('|', '\\|').replaceAll('\n', ' ')} |`,
    );
  }
  return `${lines.join('\n')}\n`;
}
