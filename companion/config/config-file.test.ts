import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CONFIG_PATH } from '#shared/config/environment-config.ts';
import { draftConfigFile, readConfigFile, writeConfigFile } from './config-file.ts';

let worktree: string;
beforeEach(async () => {
  worktree = await mkdtemp(join(tmpdir(), 'vitrine-config-'));
});
afterEach(() => rm(worktree, { recursive: true, force: true }));

const edits = { 'isolation.backend.resource_limits.memory_mb': 640 } as const;
const onDisk = () => readFile(join(worktree, CONFIG_PATH), 'utf8').catch(() => null);

test('shows what it would write and writes exactly that, once it is told to', async () => {
  expect(await readConfigFile(worktree)).toMatchObject({ version: null, values: {} });
  const draft = await draftConfigFile(worktree, edits);
  expect(draft).toMatchObject({ before: '', version: null });
  expect(await onDisk()).toBeNull();
  const config = await writeConfigFile(worktree, { edits, version: null });
  expect(await onDisk()).toBe(draft.after);
  expect(config.isolation.backend.resource_limits.memory_mb).toBe(640);
});

test('writes nothing over what an agent wrote meanwhile', async () => {
  await writeConfigFile(worktree, { edits, version: null });
  const { version } = await draftConfigFile(worktree, edits);
  await writeFile(join(worktree, CONFIG_PATH), 'isolation:\n  provider: devserver\n');
  await expect(writeConfigFile(worktree, { edits, version })).rejects.toMatchObject({
    code: 'SOURCE_CHANGED',
  });
  expect(await onDisk()).toBe('isolation:\n  provider: devserver\n');
});

test('attack 20: a directory that is a link out of the worktree is not written to', async () => {
  const outside = await mkdtemp(join(tmpdir(), 'vitrine-outside-'));
  await symlink(outside, join(worktree, '.vibe-kanban'));
  await expect(writeConfigFile(worktree, { edits, version: null })).rejects.toMatchObject({
    code: 'PATH_OUTSIDE_WORKTREE',
  });
  await rm(outside, { recursive: true });
});
