import { mkdir, mkdtemp, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type WorktreeWatch, watchWorktree } from './watch.ts';

let worktree: string;
let watching: WorktreeWatch;
let batches: string[][];
let onBatch: () => void;
let removed: Promise<void>;

beforeEach(async () => {
  worktree = await realpath(await mkdtemp(join(tmpdir(), 'vitrine-watch-')));
  await mkdir(join(worktree, 'src'));
  await mkdir(join(worktree, 'node_modules'));
  await writeFile(join(worktree, 'src/app.ts'), '1');
  batches = [];
  onBatch = () => undefined;
  const gone = Promise.withResolvers<void>();
  removed = gone.promise;
  watching = watchWorktree(worktree, {
    onChange: (paths) => {
      batches.push(paths);
      onBatch();
    },
    onRemoved: gone.resolve,
    onDegraded: () => undefined,
  });
  await watching.ready;
});
afterEach(async () => {
  watching.close();
  await rm(worktree, { recursive: true, force: true });
});

const seen = (path: string) =>
  new Promise<void>((resolve) => {
    onBatch = () => batches.flat().includes(join(worktree, path)) && resolve();
    onBatch();
  });

test('a save, an atomic save and a new directory are all told', async () => {
  await writeFile(join(worktree, 'src/app.ts'), '2');
  await seen('src/app.ts');
  batches = [];
  await writeFile(join(worktree, 'src/.app.ts.swp'), '3');
  await rename(join(worktree, 'src/.app.ts.swp'), join(worktree, 'src/app.ts'));
  await seen('src/app.ts');
  await mkdir(join(worktree, 'src/deep/er'), { recursive: true });
  await writeFile(join(worktree, 'src/deep/er/new.ts'), '1');
  await seen('src/deep/er/new.ts');
});

test('the last of several quick saves is told', async () => {
  let told = '';
  onBatch = async () => {
    told = await readFile(join(worktree, 'src/app.ts'), 'utf8');
    if (told === 'save 9') last.resolve();
  };
  const last = Promise.withResolvers<void>();
  for (let i = 0; i < 10; i++) {
    await writeFile(join(worktree, 'src/app.ts'), `save ${i}`);
    await setTimeout(15);
  }
  await last.promise;
});

test('a renamed directory is told under its new name and goes on being watched', async () => {
  await rename(join(worktree, 'src'), join(worktree, 'lib'));
  await seen('lib/app.ts');
  batches = [];
  await writeFile(join(worktree, 'lib/app.ts'), '4');
  await seen('lib/app.ts');
});

test('many files written at once come in few batches, none from node_modules', async () => {
  await writeFile(join(worktree, 'node_modules/x.js'), '1');
  await Promise.all(Array.from({ length: 300 }, (_, i) => writeFile(join(worktree, `src/${i}.ts`), '1')));
  await seen('src/299.ts');
  expect(batches.length).toBeLessThan(60);
  expect(batches.flat().some((path) => path.includes('node_modules'))).toBe(false);
});

test('removal of the worktree is told', async () => {
  await rm(worktree, { recursive: true });
  await removed;
});
