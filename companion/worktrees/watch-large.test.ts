import { mkdir, mkdtemp, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { git } from './git.ts';
import { watchWorktree } from './watch.ts';

const FILES = 10_000;
const PER_DIRECTORY = 50;

async function place(): Promise<string> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'vitrine-large-')));
  onTestFinished(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }));
  return directory;
}

/** Watches, and tells when all of `paths` were told. */
async function watching(worktree: string) {
  const batches: string[][] = [];
  const told = new Set<string>();
  let check: () => void = () => undefined;
  const watch = watchWorktree(worktree, {
    onChange: (paths) => {
      batches.push(paths);
      for (const path of paths) told.add(path.slice(worktree.length + 1));
      check();
    },
    onRemoved: () => undefined,
    onDegraded: () => undefined,
  });
  onTestFinished(() => watch.close());
  await watch.ready;
  const until = (paths: string[]) =>
    new Promise<void>((resolve) => {
      check = () => {
        if (paths.every((path) => told.has(path))) resolve();
      };
      check();
    });
  return { batches, told, until };
}

test('a checkout of ten thousand files is told as one change, whole', async () => {
  const worktree = await place();
  const names = Array.from(
    { length: FILES },
    (_each, index) => `src/part-${Math.floor(index / PER_DIRECTORY)}/file-${index}.ts`,
  );
  await git(worktree, ['init', '--quiet', '--initial-branch=main']);
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@localhost'];
  for (let at = 0; at < FILES; at += PER_DIRECTORY)
    await mkdir(join(worktree, `src/part-${at / PER_DIRECTORY}`), { recursive: true });
  for (const content of ['one', 'two']) {
    for (const name of names) await writeFile(join(worktree, name), content);
    await git(worktree, ['add', '--all']);
    await git(worktree, [...identity, 'commit', '--quiet', '--message', content]);
  }
  const { batches, until } = await watching(worktree);
  await git(worktree, ['checkout', '--quiet', 'HEAD~1']);
  await until(names);
  // The first files are told before there are many.
  expect(batches.filter((paths) => paths.length > 0).length).toBeLessThanOrEqual(3);
}, 120_000);

test('in a repository of fifty thousand files no change is missed, and none is told that was not', async () => {
  const worktree = await place();
  const directories = Array.from({ length: 1_000 }, (_each, index) => `packages/part-${index}/src`);
  for (const directory of directories) {
    await mkdir(join(worktree, directory), { recursive: true });
    await Promise.all(
      Array.from({ length: PER_DIRECTORY }, (_each, index) =>
        writeFile(join(worktree, directory, `file-${index}.ts`), ''),
      ),
    );
  }
  const { told, until } = await watching(worktree);
  // One file in each of the first, the last and every hundredth directory, and one in a directory that is new.
  const edited = directories
    .filter((_each, index) => index % 100 === 0 || index === directories.length - 1)
    .map((directory) => `${directory}/file-7.ts`);
  for (const path of edited) await writeFile(join(worktree, path), 'edited');
  await mkdir(join(worktree, 'packages/new/src'), { recursive: true });
  await writeFile(join(worktree, 'packages/new/src/file.ts'), 'new');
  await until([...edited, 'packages/new/src/file.ts']);
  expect([...told].filter((path) => path.includes('part-')).sort()).toEqual([...edited].sort());
}, 120_000);

test('a rename in case alone, an editor’s swap file and links are told without a circle', async () => {
  const worktree = await place();
  await mkdir(join(worktree, 'src'));
  await writeFile(join(worktree, 'src/Button.tsx'), '1');
  await symlink('..', join(worktree, 'src/up'));
  const { told, until } = await watching(worktree);
  await rename(join(worktree, 'src/Button.tsx'), join(worktree, 'src/button.tsx'));
  await writeFile(join(worktree, 'src/.app.ts.swp'), 'x');
  await symlink('button.tsx', join(worktree, 'src/alias.tsx'));
  await until(['src/Button.tsx', 'src/button.tsx', 'src/.app.ts.swp', 'src/alias.tsx']);
  expect([...told].filter((path) => path.includes('up/'))).toEqual([]);
});
