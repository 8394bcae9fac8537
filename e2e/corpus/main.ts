import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startChromium } from '../browsers/chromium.ts';
import { startCompanion } from '../companion.ts';
import { Lifetime } from '../lifetime.ts';
import { apps } from './apps/index.ts';
import { compareApp } from './compare-app.ts';
import { corpusTable, linesOf, type Row } from './table.ts';

/*
 * Shows each app of the corpus in its own dev server and in a preview, and compares what a person sees.
 * `node e2e/corpus/main.ts [--only react-ts,vue-ts] [--write] [--keep directory]`; --write puts the table
 * into the docs, with the rows that are there of apps that were not run.
 */
const { values } = parseArgs({
  options: { only: { type: 'string' }, write: { type: 'boolean' }, keep: { type: 'string' } },
});
const only = values.only?.split(',');
const lifetime = new Lifetime();
const rows: Row[] = [];
try {
  const { browser } = lifetime.own(await startChromium(), (chromium) => chromium.stop());
  const companion = lifetime.own(await startCompanion(), (started) => started.stop());
  const names = apps.map(({ name }) => name);
  const page = join(resolve(import.meta.dirname, '../../docs'), 'corpus.md');
  for (const app of apps) {
    if (only && !only.includes(app.name)) continue;
    const row = await compareApp(browser, companion, app, values.keep);
    rows.push(row);
    console.error(`${row.isEqual ? '  ' : '! '}${app.name} ${row.remarks.join('; ')}`);
    // At once: a run of all takes long, and may be ended.
    if (values.write)
      await writeFile(page, corpusTable(rows, names, linesOf(await readFile(page, 'utf8').catch(() => ''))));
  }
  console.log(corpusTable(rows, names));
} finally {
  await lifetime.end();
}
process.exitCode = rows.every(({ isEqual }) => isEqual) ? 0 : 1;
