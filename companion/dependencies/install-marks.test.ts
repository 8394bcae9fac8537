import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { removeUnfit } from './install.ts';
import { InstallMarks } from './install-marks.ts';
import { findPackageManager } from './package-manager.ts';

/** A worktree with a package, and what is known of it. */
async function place(mark: 'installing' | 'installed' | null, isFinished: boolean) {
  const base = await mkdtemp(join(tmpdir(), 'vitrine-marks-'));
  onTestFinished(() => rm(base, { recursive: true, force: true }));
  const root = join(base, 'worktree');
  await mkdir(join(root, 'node_modules/ms'), { recursive: true });
  await writeFile(join(root, 'package-lock.json'), '{}');
  if (isFinished) await writeFile(join(root, 'node_modules/.package-lock.json'), '{}');
  const marks = new InstallMarks(join(base, 'packages'), root);
  if (mark !== null) await marks.begin();
  if (mark === 'installed') await marks.finish();
  const manager = await findPackageManager(root, root);
  await removeUnfit(join(base, 'packages', 'store'), manager);
  return { packages: await readdir(join(root, 'node_modules')).catch(() => null), mark: await marks.read() };
}

test('what an installation left that was cut off is removed', async () => {
  expect(await place('installing', false)).toEqual({ packages: null, mark: null });
});

test('what somebody completed since stays', async () => {
  expect((await place('installing', true)).packages).toContain('ms');
});

test('what we installed and nothing changed stays, and so does what others installed', async () => {
  expect((await place('installed', true)).packages).toContain('ms');
  expect((await place(null, false)).packages).toContain('ms');
});
