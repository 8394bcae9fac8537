import { link, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { makePlace } from '../pod-fixture.ts';
import { writtenSince } from './growth.ts';
import { DiskWatch } from './watch.ts';

const MB = 1024 * 1024;

test('only what was written since counts, once, and nothing behind links', async () => {
  const { worktree, base } = await makePlace();
  await writeFile(join(worktree, 'before'), Buffer.alloc(3 * MB, 1));
  await writeFile(join(base, 'elsewhere'), Buffer.alloc(5 * MB, 1));
  await delay(60); // the clock of files ticks slowly
  const since = Date.now();
  await mkdir(join(worktree, 'deep', 'er'), { recursive: true });
  await writeFile(join(worktree, 'deep', 'er', 'new'), Buffer.alloc(2 * MB, 1));
  await link(join(worktree, 'deep', 'er', 'new'), join(worktree, 'again'));
  await symlink(join(base, 'elsewhere'), join(worktree, 'link'));
  await symlink(base, join(worktree, 'loop'));
  const bytes = await writtenSince([worktree], since);
  expect(bytes).toBeGreaterThanOrEqual(2 * MB);
  expect(bytes).toBeLessThan(2.2 * MB);
});

test('a sparse file counts what it takes, not what it claims', async () => {
  const { worktree } = await makePlace();
  const { truncate } = await import('node:fs/promises');
  await writeFile(join(worktree, 'sparse'), '');
  await truncate(join(worktree, 'sparse'), 900 * MB);
  expect(await writtenSince([worktree], 0)).toBeLessThan(MB);
});

test('nothing is measured until enough was written, and exceeding is told once for each further step', async () => {
  const { worktree } = await makePlace();
  let written = 0;
  const watch = new DiskWatch({
    directories: [worktree],
    limitBytes: 4 * MB,
    writtenBytes: async () => written,
  });
  await writeFile(join(worktree, 'by-an-agent'), Buffer.alloc(6 * MB, 1));
  expect(await watch.isExceeded()).toBe(false);
  expect(watch.measuredBytes).toBeNull();
  written = 4 * MB;
  expect(await watch.isExceeded()).toBe(true);
  expect(watch.measuredBytes).toBeGreaterThanOrEqual(6 * MB);
  expect(await watch.isExceeded()).toBe(false);
  written = 5 * MB;
  expect(await watch.isExceeded()).toBe(true);
});

test('what was written and removed again does not exceed', async () => {
  const { worktree } = await makePlace();
  const watch = new DiskWatch({
    directories: [worktree],
    limitBytes: 4 * MB,
    writtenBytes: async () => 100 * MB,
  });
  expect(await watch.isExceeded()).toBe(false);
});
