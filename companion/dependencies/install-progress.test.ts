import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { countPackages, type InstallCount, InstallProgress } from './install-progress.ts';
import type { PackageManager } from './package-manager.ts';
import { PackageStores } from './package-stores.ts';

async function place(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'vitrine-progress-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

async function put(root: string, name: string): Promise<void> {
  await mkdir(join(root, 'node_modules', name), { recursive: true });
  await writeFile(join(root, 'node_modules', name, 'package.json'), '{}');
}

test('npm: packages of the lock file are counted as they arrive, optional and linked ones are not', async () => {
  const root = await place();
  const lockFile = join(root, 'package-lock.json');
  const packages = {
    '': {},
    'node_modules/a': {},
    'node_modules/@s/b': {},
    'node_modules/c': { optional: true },
    'node_modules/d': { link: true },
    'packages/d': {},
  };
  await writeFile(lockFile, JSON.stringify({ packages }));
  await put(root, 'a');
  const manager: PackageManager = { name: 'npm', isBerry: false, root, lockFile, version: null };
  const counts: InstallCount[] = [];
  const progress = new InstallProgress(manager, (count) => counts.push(count));
  onTestFinished(() => progress.stop());
  await expect.poll(() => counts).toEqual([{ there: 1, wanted: 2 }]);
  await put(root, '@s/b');
  await expect.poll(() => counts.at(-1), { timeout: 5_000 }).toEqual({ there: 2, wanted: 2 });
  expect(await countPackages(root)).toBe(2);
});

test('pnpm counts by itself', () => {
  const counts: InstallCount[] = [];
  const manager: PackageManager = {
    name: 'pnpm',
    isBerry: false,
    root: '/w',
    lockFile: null,
    version: null,
  };
  const progress = new InstallProgress(manager, (count) => counts.push(count));
  progress.line('Packages: +212');
  progress.line('Progress: resolved 212, reused 30, downloaded 12, added 42');
  progress.line('Progress: resolved 212, reused 30, downloaded 182, added 212, done');
  progress.stop();
  progress.line('Progress: resolved 1, reused 0, downloaded 1, added 1');
  expect(counts).toEqual([
    { there: 42, wanted: 212 },
    { there: 212, wanted: 212 },
  ]);
});

test('stores that nobody used for a month are removed, and the oldest of too many', async () => {
  const directory = await place();
  const stores = new PackageStores(directory);
  const paths = await Promise.all(
    Array.from({ length: 12 }, (_each, index) => stores.of(`/project-${index}`)),
  );
  for (const path of paths) await mkdir(path);
  for (const index of paths.keys()) await stores.of(`/project-${index}`);
  await stores.sweep();
  const left = await Promise.all(
    paths.map((path) =>
      stat(path).then(
        () => true,
        () => false,
      ),
    ),
  );
  expect(left.filter(Boolean)).toHaveLength(10);
  await stores.sweep(Date.now() + 31 * 24 * 3_600_000);
  expect(await countEntries(directory)).toBe(0);
});

const countEntries = async (directory: string) => (await readdir(directory)).length;
