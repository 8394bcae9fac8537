import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listFiles, readWorktreeFile, writeWorktreeFile } from './files.ts';
import { findRepository, inspectWorktree, listWorktrees } from './git.ts';

let base: string;
let repository: string;
const sh = (...args: string[]) => execFileSync('git', ['-C', repository, ...args], { stdio: 'pipe' });
beforeAll(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'vitrine-git-')));
  repository = join(base, 'repo with space');
  await mkdir(repository);
  sh('init', '-q', '-b', 'main');
  sh('config', 'user.email', 'a@example.invalid');
  sh('config', 'user.name', 'A');
  await writeFile(join(repository, '.gitignore'), 'ignored\n');
  await writeFile(join(repository, 'ünï.txt'), 'x');
  sh('add', '.');
  sh('commit', '-qm', 'first');
  sh('worktree', 'add', '-q', '-b', 'attempt/one', join(base, 'one'));
  await writeFile(join(base, 'one/ignored'), 'x');
  await writeFile(join(base, 'one/new.txt'), 'x');
});
afterAll(() => rm(base, { recursive: true, force: true }));

test('a worktree knows its branch and its main checkout', async () => {
  expect(await inspectWorktree(join(base, 'one'))).toEqual({
    worktree: join(base, 'one'),
    mainCheckout: repository,
    branch: 'attempt/one',
  });
});

test('the main checkout is its own', async () => {
  expect(await inspectWorktree(repository)).toMatchObject({ worktree: repository, mainCheckout: repository });
});

test('attack 20: a worktree that says it is of a repository which does not know it is its own main checkout', async () => {
  const gitDirectory = join(repository, '.git');
  for (const [name, place] of [
    ['liar', gitDirectory],
    ['twin', join(gitDirectory, 'worktrees/one')],
  ] as const) {
    const worktree = join(base, name);
    await mkdir(worktree);
    await writeFile(join(worktree, '.git'), `gitdir: ${place}\n`);
    expect(await inspectWorktree(worktree)).toMatchObject({ worktree, mainCheckout: worktree });
    await rm(worktree, { recursive: true });
  }
});

test('attack 20: a repository that names another directory for its files is a worktree where it lies', async () => {
  const worktree = join(base, 'elsewhere');
  execFileSync('git', ['init', '-q', worktree]);
  execFileSync('git', ['-C', worktree, 'config', 'core.worktree', base]);
  await mkdir(join(worktree, 'below'));
  for (const path of [worktree, join(worktree, 'below')])
    expect(await inspectWorktree(path)).toMatchObject({ worktree, mainCheckout: worktree });
  await rm(worktree, { recursive: true });
});

test('a repository without a commit is a worktree all the same', async () => {
  const empty = join(base, 'empty');
  execFileSync('git', ['init', '-q', '-b', 'main', empty]);
  expect(await inspectWorktree(empty)).toMatchObject({ worktree: empty, branch: 'main' });
});

test.each([
  ['missing', '/nonexistent/x', 'WORKTREE_MISSING'],
  ['relative', 'x/y', 'WORKTREE_NOT_ABSOLUTE'],
  ['not git', tmpdir(), 'WORKTREE_NOT_GIT'],
])('a path that is %s is refused with its own code', async (_, path, code) => {
  await expect(inspectWorktree(path)).rejects.toMatchObject({ code });
});

test('all worktrees are listed, one that was deleted by hand is not', async () => {
  sh('worktree', 'add', '-q', '--detach', join(base, 'gone'));
  await rm(join(base, 'gone'), { recursive: true });
  const found = await listWorktrees(repository);
  expect(found.map((each) => [each.worktree, each.branch])).toEqual([
    [repository, 'main'],
    [join(base, 'one'), 'attempt/one'],
  ]);
});

test('files are listed as git sees them', async () => {
  const { files } = await listFiles(join(base, 'one'));
  expect(files.map((file) => file.path).sort()).toEqual(['.gitignore', 'new.txt', 'ünï.txt']);
});

test('a write replaces the content and an absent directory is an error that loses nothing', async () => {
  await writeWorktreeFile(join(base, 'one'), 'new.txt', 'changed\r\n');
  expect((await readWorktreeFile(join(base, 'one'), 'new.txt')).content).toBe('changed\r\n');
  await expect(writeWorktreeFile(join(base, 'one'), 'no/such/dir.txt', 'x')).rejects.toMatchObject({
    code: 'FILE_NOT_WRITTEN',
  });
});

test('a repository is found by any directory in it, a linked worktree or a subdirectory', async () => {
  await mkdir(join(base, 'one/deep'));
  for (const path of [repository, join(base, 'one'), join(base, 'one/deep')])
    expect(await findRepository(path)).toBe(repository);
  await expect(findRepository(tmpdir())).rejects.toMatchObject({ code: 'WORKTREE_NOT_GIT' });
  await expect(findRepository('/nonexistent/x')).rejects.toMatchObject({ code: 'WORKTREE_MISSING' });
});

test.each([
  ['of its own', 'bare.git', 'bare.git'],
  ['in the directory of its worktrees', 'project', 'project/.bare'],
])('a bare repository %s lists its worktrees, none of them as the main checkout', async (_, place, bare) => {
  execFileSync('git', ['clone', '-q', '--bare', repository, join(base, bare)]);
  if (place !== bare) await writeFile(join(base, place, '.git'), 'gitdir: ./.bare\n');
  const worktree = join(base, `${place}-attempt`);
  execFileSync('git', ['-C', join(base, place), 'worktree', 'add', '-q', '-b', `of/${place}`, worktree]);
  for (const path of [join(base, place), join(base, bare), worktree])
    expect(await findRepository(path)).toBe(join(base, place));
  expect(await listWorktrees(join(base, place))).toEqual([
    { worktree, mainCheckout: worktree, branch: `of/${place}`, isMain: false },
  ]);
});
