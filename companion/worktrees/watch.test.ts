import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
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

test.each([
  ['removed and made anew', 'rm -rf src/part && mkdir src/part && echo 2 > src/part/app.ts'],
  ['swapped for another', 'mkdir new && echo 2 > new/app.ts && mv src/part old && mv new src/part'],
])('a directory that is %s goes on being watched', async (_how, script) => {
  await mkdir(join(worktree, 'src/part'));
  await writeFile(join(worktree, 'src/part/app.ts'), '1');
  await seen('src/part/app.ts');
  batches = [];
  // In one go, before anybody is told.
  execFileSync('sh', ['-c', script], { cwd: worktree });
  await seen('src/part/app.ts');
  await setTimeout(100);
  batches = [];
  await writeFile(join(worktree, 'src/part/app.ts'), '3');
  await seen('src/part/app.ts');
});

test('caches that say so, virtual environments and other worktrees are not told', async () => {
  for (const [directory, marker, text] of [
    ['target', 'CACHEDIR.TAG', 'Signature: 8a477f597d28d172789f06886806bc55'],
    ['env', 'pyvenv.cfg', 'home = /usr/bin'],
    ['.worktrees/other', '.git', 'gitdir: /somewhere/.git/worktrees/other'],
  ] as const) {
    await mkdir(join(worktree, directory, 'debug'), { recursive: true });
    await writeFile(join(worktree, directory, marker), text);
    await setTimeout(100);
    await writeFile(join(worktree, directory, 'debug/app.ts'), '1');
  }
  // What is put in a submodule is this attempt's.
  await mkdir(join(worktree, 'submodule'));
  await writeFile(join(worktree, 'submodule/.git'), 'gitdir: ../.git/modules/submodule');
  await writeFile(join(worktree, 'submodule/app.ts'), '1');
  await seen('submodule/app.ts');
  expect(batches.flat().filter((path) => path.includes('debug/'))).toEqual([]);
});

test('a file that is emptied before it is written is told once, when it is whole', async () => {
  const contents: string[] = [];
  onBatch = async () => contents.push(await readFile(join(worktree, 'src/app.ts'), 'utf8'));
  await writeFile(join(worktree, 'src/app.ts'), '');
  await setTimeout(25);
  await writeFile(join(worktree, 'src/app.ts'), 'whole');
  await vi.waitFor(() => expect(contents).toContain('whole'));
  expect(contents).toEqual(['whole']);
});

test('while git writes, what it wrote is kept back and told together', async () => {
  await mkdir(join(worktree, '.git'));
  await writeFile(join(worktree, '.git/index.lock'), '');
  for (const name of ['one', 'two', 'three']) {
    await writeFile(join(worktree, `src/${name}.ts`), '1');
    await setTimeout(30);
  }
  await rm(join(worktree, '.git/index.lock'));
  await seen('src/three.ts');
  expect(batches).toHaveLength(1);
});

test('removal of the worktree is told', async () => {
  await rm(worktree, { recursive: true });
  await removed;
});
