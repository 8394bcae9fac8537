import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isPlainSite } from '../builder/plain-site.ts';
import { detectByProcfile } from './procfile.ts';
import { viteRoot } from './vite-root.ts';

/** Long enough that what takes the square of it takes seconds, in which the companion would answer nobody. */
const LENGTH = 60_000;
const LONGEST_MS = 1_000;

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'vitrine-hostile-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const repeated = (unit: string) => unit.repeat(LENGTH / unit.length);
const site = async () => isPlainSite(root);

test.each([
  ['vite.config.js', repeated('\n'), () => viteRoot(root)],
  ['Procfile', `web: a${repeated(' ')}b`, () => detectByProcfile(root)],
  ['a.js', repeated('\n'), site],
  ['a.js', repeated('/* '), site],
  ['a.js', repeated('/* \n//\n'), site],
  ['a.js', `import${repeated(' ')}`, site],
])('a text in %s that is made to take long is read at once', async (name, text, look) => {
  await writeFile(join(root, 'index.html'), '<script src="a.js"></script>');
  await writeFile(join(root, name), text);
  const begunAt = process.cpuUsage();
  await look();
  const { user } = process.cpuUsage(begunAt);
  expect(user / 1_000).toBeLessThan(LONGEST_MS);
});
