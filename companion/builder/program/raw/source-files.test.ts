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

it.runIf(process.platform === 'linux')('leaves out names that are not valid UTF-8', async () => {
  await write('src/index.js', 'run()');
  const odd = Buffer.concat([Buffer.from(`${root}/src/`), Buffer.from([0xff])]);
  await mkdir(odd);
  await writeFile(Buffer.concat([odd, Buffer.from('/a.js')]), 'x');
  await writeFile(Buffer.concat([odd, Buffer.from('.js')]), 'x');
  expect([...readSources(root).keys()]).toEqual(['src/index.js']);
});

it('writes addresses in style sheets so that they hold anywhere in the page', async () => {
  await write(
    'src/a/b.css',
    "a{background:url('./x.png')}b{mask:url( ../c.svg#m )}c{background:url(gone.png)}",
  );
  await write('src/a/x.png', '\0');
  await write('src/c.svg', '<svg/>');
  expect(readSource(root, 'src/a/b.css')).toBe(
    "a{background:url('/src/a/x.png')}b{mask:url(/src/c.svg#m)}c{background:url(gone.png)}",
  );
});

it('has nothing for files that are gone or are none of the sources', async () => {
  await write('.env', 'SECRET=1');
  expect([readSource(root, 'src/gone.js'), readSource(root, '.env'), readSource(root, '.')]).toEqual([
    null,
    null,
    null,
  ]);
});
