import { mkdir, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findPodMounts } from './pod-mounts.ts';

let base: string;
beforeEach(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'vitrine-mounts-')));
  for (const place of ['main', 'attempt']) {
    await mkdir(join(base, place, 'node_modules'), { recursive: true });
    await writeFile(join(base, place, 'package.json'), '{"dependencies":{"nuxt":"4"}}');
  }
  await mkdir(join(base, 'main/node_modules/nuxt'));
});
afterEach(() => rm(base, { recursive: true, force: true }));

const find = (provider: 'sandpack' | 'devserver') =>
  findPodMounts({
    worktree: join(base, 'attempt'),
    mainCheckout: join(base, 'main'),
    provider,
    ownDirectory: join(base, 'own'),
    plan: { frontend: { root: join(base, 'attempt'), reason: '' }, services: [] },
    canMount: true,
  });

test('a dev server finds the main checkout’s packages at their own place, and its tools may write beside them', async () => {
  const { mounts } = await find('devserver');
  const packages = join(base, 'attempt/node_modules');
  expect(mounts).toContainEqual({
    source: join(base, 'main/node_modules'),
    target: packages,
    makePoint: true,
  });
  const writable = mounts.filter((mount) => mount.writable);
  expect(writable.map(({ target }) => target)).toContain(join(packages, '.vite-temp'));
  expect(writable.every(({ source }) => source.startsWith(join(base, 'own')))).toBe(true);
  // Mount points, and nothing in them.
  expect(await readdir(join(base, 'main/node_modules/.vite-temp'))).toEqual([]);
});

test('the builder needs no place in the worktree or beside the packages', async () => {
  const { mounts } = await find('sandpack');
  expect(mounts.map(({ target }) => target)).toEqual([undefined, join(base, 'node_modules')]);
  expect(await readdir(join(base, 'main/node_modules'))).toEqual(['nuxt']);
});
