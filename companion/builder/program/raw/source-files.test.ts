import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readSource, readSources } from './source-files.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'vitrine-sources-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}

it('reads sources as text and names binary files by their address', async () => {
  await write('src/index.js', 'run()');
  await write('src/logo.png', '\0');
  for (const path of ['.env', '.git/config', 'node_modules/a/index.js', 'dist/out.js', 'notes.exe'])
    await write(path, 'x');
  expect([...readSources(root)].sort()).toEqual([
    ['src/index.js', 'run()'],
    ['src/logo.png', 'vitrine-asset:/src/logo.png'],
  ]);
});

it('has nothing for files that are gone or are none of the sources', async () => {
  await write('.env', 'SECRET=1');
  expect([readSource(root, 'src/gone.js'), readSource(root, '.env'), readSource(root, '.')]).toEqual([
    null,
    null,
    null,
  ]);
});
