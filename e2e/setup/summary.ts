import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addCounts, type Counts, countReport, summaryLine } from './count-results.ts';

/*
 * Adds up what the test runs reported and prints one closing line. Fails when a test failed, when nothing ran,
 * and when a project has no report, for its run did not get to its end.
 */
const REPORTS = join(import.meta.dirname, '../../.cache/test-results');
const PROJECTS = ['unit', 'e2e'];

const counts: Counts[] = [];
const absent: string[] = [];
for (const project of PROJECTS) {
  const json = await readFile(join(REPORTS, `${project}.json`), 'utf8').catch(() => undefined);
  if (json === undefined) absent.push(project);
  else counts.push(countReport(json));
}

const total = addCounts(counts);
if (absent.length > 0) console.log(`Did not run to the end: ${absent.join(', ')}`);
console.log(summaryLine(total));
if (total.failed > 0 || total.passed === 0 || absent.length > 0) process.exitCode = 1;
