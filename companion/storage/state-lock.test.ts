import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockStateDirectory } from './state-lock.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'vitrine-lock-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

test('a second companion on the same home is refused until the first lets go', async () => {
  const release = await lockStateDirectory(home);
  expect(release).not.toBeNull();
  expect(await lockStateDirectory(home)).toBeNull();
  await release?.();
  const again = await lockStateDirectory(home);
  expect(again).not.toBeNull();
});

test.each([
  ['whose process is gone', JSON.stringify({ pid: 2 ** 22 + 1, startedAt: '1' })],
  [
    'attack 24: whose pid belongs to another process now',
    JSON.stringify({ pid: process.pid, startedAt: '1' }),
  ],
  ['that was cut off while written', '{"pid":'],
])('a lock %s is taken over', async (_, content) => {
  await writeFile(join(home, 'companion.lock'), content);
  expect(await lockStateDirectory(home)).not.toBeNull();
});
