import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sourceFile } from './source-file.ts';

let worktree: string;
let root: string;

beforeAll(async () => {
  worktree = await mkdtemp(join(tmpdir(), 'vitrine-source-file-'));
  root = join(worktree, 'apps', 'web');
  const files = [
    'apps/web/src/a.js',
    'apps/web/app/[id]/page.tsx',
    'packages/ui/b.js',
    'apps/web/node_modules/p/c.js',
  ];
  for (const file of files) {
    await mkdir(dirname(join(worktree, file)), { recursive: true });
    await writeFile(join(worktree, file), '');
  }
});
afterAll(() => rm(worktree, { recursive: true, force: true }));

const A = 'apps/web/src/a.js';
it.each([
  ['webpack', 'webpack://my-app/./src/a.js', '/main.js', A],
  ['webpack, with a mark of its loaders', 'webpack:///./src/a.js?1f2e', '/main.js', A],
  ['webpack, without a dot', 'webpack://my-app/src/a.js', '/static/js/main.js', A],
  [
    'Next with webpack',
    'webpack-internal:///(app-pages-browser)/./src/a.js',
    '/_next/static/chunks/main.js',
    A,
  ],
  ['Turbopack', 'turbopack:///[project]/src/a.js', '/_next/static/chunks/x.js', A],
  ['Turbopack, in a monorepo', 'turbopack:///[project]/apps/web/src/a.js', '/_next/static/chunks/x.js', A],
  ['Parcel', '/__parcel_source_root/src/a.js', '/index.1f2e.js', A],
  ['Vite', 'a.js', '/src/a.js', A],
  ['Vite below a base', 'a.js', '/_nuxt/src/a.js', A],
  [
    'Nuxt, whose top is a folder of its own',
    'page.tsx',
    '/_nuxt/[id]/page.tsx',
    'apps/web/app/[id]/page.tsx',
  ],
  ['a map beside the script', '../../src/a.js', '/static/js/main.js', A],
  ['a file elsewhere in the monorepo', '../../packages/ui/b.js', '/main.js', 'packages/ui/b.js'],
  ['a name that is encoded', 'webpack://n/./app/%5Bid%5D/page.tsx', '/main.js', 'apps/web/app/[id]/page.tsx'],
])('finds the file that %s means', async (_, source, served, file) => {
  expect(await sourceFile(source, served, { worktree, root })).toBe(file);
});

it('finds files by absolute paths and addresses', async () => {
  const path = join(root, 'src/a.js');
  for (const source of [path, pathToFileURL(path).href])
    expect(await sourceFile(source, '/main.js', { worktree, root })).toBe(A);
  expect(await sourceFile('a.js', `/@fs${path}`, { worktree, root })).toBe(A);
});

it.each([
  'webpack://my-app/./node_modules/p/c.js',
  '/etc/passwd',
  '../../../../../../etc/passwd',
  'file:///etc/passwd',
  'file://%',
  '',
  'webpack://my-app/./src/gone.js',
  'a\0b',
])('knows no file of the worktree for %j', async (source) => {
  expect(await sourceFile(source, '/main.js', { worktree, root })).toBeNull();
});
