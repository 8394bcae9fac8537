export interface Row {
  name: string;
  isEqual: boolean;
  /** Differing pixels: first page, then after each edit. */
  pixels: number[];
  open?: { stock: number; ours: number };
  edits: { what: string; isSame: boolean; behaviour: string; stockMs: number; oursMs: number }[];
  remarks: string[];
}

/** The corpus as a Markdown page. */
export function corpusTable(rows: Row[]): string {
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
  for (const row of rows) {
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
