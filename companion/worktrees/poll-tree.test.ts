import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pollTree } from './poll-tree.ts';

test('without watches, changes and the removal of the worktree are found by looking', async () => {
  const worktree = await realpath(await mkdtemp(join(tmpdir(), 'vitrine-poll-')));
  await mkdir(join(worktree, 'src'));
  await writeFile(join(worktree, 'src/app.ts'), '1');
  const stop = new AbortController();
  const changed = Promise.withResolvers<string>();
  const removed = Promise.withResolvers<void>();
  pollTree(worktree, { onPath: changed.resolve, onRootRemoved: removed.resolve }, stop.signal);
  const writing = setInterval(
    () => void writeFile(join(worktree, 'src/app.ts'), String(Date.now())).catch(() => {}),
    200,
  );
  expect(await changed.promise).toBe(join(worktree, 'src/app.ts'));
  clearInterval(writing);
  await rm(worktree, { recursive: true });
  await removed.promise;
  stop.abort();
});
