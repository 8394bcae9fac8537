import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { installCommand } from './install-command.ts';
import { findPackageManager } from './package-manager.ts';
import { registryHosts } from './registries.ts';
import { isInstallStale } from './stale.ts';

async function worktreeWith(files: Record<string, string>): Promise<string> {
  const worktree = await mkdtemp(join(tmpdir(), 'vitrine-manager-'));
  onTestFinished(() => rm(worktree, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(worktree, path)), { recursive: true });
    await writeFile(join(worktree, path), content);
  }
  return worktree;
}

test.each([
  [{ 'package-lock.json': '' }, { name: 'npm', isBerry: false, version: null }],
  [{ 'pnpm-lock.yaml': '' }, { name: 'pnpm', isBerry: false, version: null }],
  [{ 'yarn.lock': '' }, { name: 'yarn', isBerry: false, version: null }],
  [
    { 'yarn.lock': '', '.yarnrc.yml': '' },
    { name: 'yarn', isBerry: true, version: null },
  ],
  [
    { 'package.json': '{"packageManager":"yarn@4.5.0"}', 'yarn.lock': '' },
    { name: 'yarn', isBerry: true, version: '4.5.0' },
  ],
  [
    {
      'package.json': '{"packageManager":"pnpm@9.15.0+sha512.abc"}',
      'package-lock.json': '',
      'pnpm-lock.yaml': '',
    },
    { name: 'pnpm', isBerry: false, version: '9.15.0' },
  ],
  [{ 'package.json': 'not JSON' }, { name: 'npm', isBerry: false, version: null, lockFile: null }],
])('the manager is told from %j', async (files, expected) => {
  const worktree = await worktreeWith(files);
  expect(await findPackageManager(worktree, worktree)).toMatchObject({ ...expected, root: worktree });
});

test('a package of a monorepo is installed where the lock file is', async () => {
  const worktree = await worktreeWith({
    'pnpm-lock.yaml': '',
    'package.json': '{}',
    'apps/web/package.json': '{}',
  });
  const found = await findPackageManager(worktree, join(worktree, 'apps/web'));
  expect(found).toMatchObject({ name: 'pnpm', root: worktree, lockFile: join(worktree, 'pnpm-lock.yaml') });
});

test('an application with a lock file of its own is installed there', async () => {
  const worktree = await worktreeWith({ 'package-lock.json': '', 'apps/web/yarn.lock': '' });
  const found = await findPackageManager(worktree, join(worktree, 'apps/web'));
  expect(found).toMatchObject({ name: 'yarn', root: join(worktree, 'apps/web') });
});

test('the lock file is followed, then package.json, and never written', async () => {
  const at = { root: '/w', isBerry: false, version: null, lockFile: '/w/lock' };
  expect(installCommand({ ...at, name: 'npm' })).toContain('$PM ci || $PM install --no-package-lock');
  expect(installCommand({ ...at, name: 'npm', lockFile: null })).not.toContain(' ci');
  expect(installCommand({ ...at, name: 'yarn' })).toContain(
    '--frozen-lockfile || $PM install --pure-lockfile',
  );
  expect(installCommand({ ...at, name: 'yarn', isBerry: true })).toContain('install --immutable');
  const pinned = installCommand({ ...at, name: 'pnpm', version: '9.15.0' });
  expect(pinned).toMatch(/--package=pnpm@9\.15\.0 -- pnpm'.*elif .*PM='pnpm'/);
  const berry = installCommand({ ...at, name: 'yarn', isBerry: true, version: '4.6.0' });
  expect(berry).toContain('--package=@yarnpkg/cli-dist@4.6.0 -- yarn');
});

test('registries of the user and the main checkout count, those of the worktree do not', async () => {
  const home = await worktreeWith({
    '.npmrc': '@mine:registry=https://npm.mine.test:8443/a/\n//npm.mine.test/:_authToken=x',
  });
  const mainCheckout = await worktreeWith({
    '.yarnrc.yml': 'npmRegistryServer: "http://yarn.main.test"',
    'apps/web/.npmrc': 'registry = https://web.main.test/',
  });
  const worktree = await worktreeWith({ '.npmrc': 'registry=https://evil.test/' });
  const hosts = await registryHosts({ root: join(worktree, 'apps/web') }, { worktree, mainCheckout, home });
  expect(hosts).toEqual(
    expect.arrayContaining([
      'registry.npmjs.org:443',
      'npm.mine.test:8443',
      'yarn.main.test:80',
      'web.main.test:443',
    ]),
  );
  expect(hosts.join()).not.toContain('evil');
});

test('packages are stale when the lock file is newer than what was installed of it', async () => {
  const worktree = await worktreeWith({ 'package-lock.json': '', 'node_modules/.package-lock.json': '' });
  const manager = await findPackageManager(worktree, worktree);
  const touch = (file: string, seconds: number) => utimes(join(worktree, file), seconds, seconds);
  await touch('package-lock.json', 1_000);
  await touch('node_modules/.package-lock.json', 1_001);
  expect(await isInstallStale(manager)).toBe(false);
  await touch('package-lock.json', 1_002);
  expect(await isInstallStale(manager)).toBe(true);
});
