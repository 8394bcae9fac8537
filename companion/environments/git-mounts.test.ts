import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { gitMounts } from './git-mounts.ts';

let base: string;
let main: string;
let attempt: string;
const git = (directory: string, ...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@localhost', ...args], {
    cwd: directory,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
beforeEach(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'vitrine-git-mounts-')));
  main = join(base, 'main');
  attempt = join(base, 'attempt');
  await mkdir(main);
  git(main, 'init', '--quiet');
  git(main, 'commit', '--quiet', '--allow-empty', '-m', 'first');
  git(main, 'worktree', 'add', '--quiet', attempt);
});
afterEach(() => rm(base, { recursive: true, force: true }));

const mounts = (worktree: string) => gitMounts(worktree, join(base, 'cache'));
const targets = async (worktree: string) => (await mounts(worktree)).map(({ target }) => target).toSorted();

test('a linked worktree’s sandbox sees objects, refs and its own HEAD, and nothing else of the repository', async () => {
  await writeFile(join(main, '.git/hooks/pre-commit'), '');
  expect(await targets(attempt)).toEqual([
    '/opt/vitrine/git/HEAD',
    '/opt/vitrine/git/config',
    '/opt/vitrine/git/objects',
    '/opt/vitrine/git/refs',
    '/opt/vitrine/git/worktrees/attempt',
    join(attempt, '.git'),
  ]);
  expect((await mounts(attempt)).some(({ writable }) => writable)).toBe(false);
});

test('its configuration says how to read the repository and where it is from, without credentials', async () => {
  git(main, 'remote', 'add', 'origin', 'https://ann:ghp_secret@example.com/a/"b".git');
  git(main, 'config', 'http.extraheader', 'AUTHORIZATION: basic secret');
  await mounts(attempt);
  const config = join(base, 'cache/git/config');
  expect(await readFile(config, 'utf8')).not.toMatch(/secret|ann/);
  const get = (name: string) => git(base, 'config', '--file', config, '--get', name).trim();
  expect(get('remote.origin.url')).toBe('https://example.com/a/"b".git');
  expect(get('core.repositoryformatversion')).toBe('0');
});

test('what a worktree’s own configuration holds is not shown', async () => {
  await writeFile(join(main, '.git/worktrees/attempt/config.worktree'), '[http]\n\textraheader = secret\n');
  expect(await mounts(attempt)).toContainEqual({
    source: join(base, 'cache/git/config'),
    target: '/opt/vitrine/git/worktrees/attempt/config.worktree',
  });
});

test('attack 20: a main checkout has git in itself, and its sandbox writes no hooks or settings there', async () => {
  expect(await mounts(main)).toEqual([{ source: join(main, '.git') }]);
});

test('a repository that does not know the worktree is not shown, whatever the worktree says', async () => {
  const liar = join(base, 'liar');
  await mkdir(liar);
  await writeFile(join(liar, '.git'), `gitdir: ${join(main, '.git/worktrees/attempt')}\n`);
  expect(await mounts(liar)).toEqual([{ source: join(liar, '.git') }]);
});

test('a repository made in the worktree shows nothing of the machine', async () => {
  const fake = join(attempt, 'fake/worktrees/own');
  await mkdir(fake, { recursive: true });
  await symlink('/etc', join(attempt, 'fake/objects'));
  await writeFile(join(fake, 'commondir'), '../..\n');
  await writeFile(join(fake, 'gitdir'), join(attempt, '.git'));
  await writeFile(join(attempt, '.git'), `gitdir: ${fake}\n`);
  expect(await mounts(attempt)).toEqual([{ source: join(attempt, '.git') }]);
});

test('links in a repository do not lead out of it', async () => {
  await rm(join(main, '.git/refs'), { recursive: true });
  await symlink('/etc', join(main, '.git/refs'));
  expect(await targets(attempt)).not.toContain('/opt/vitrine/git/refs');
});

test('a `.git` that is a link is left as it is', async () => {
  await rename(join(attempt, '.git'), join(attempt, 'pointer'));
  await symlink('pointer', join(attempt, '.git'));
  expect(await mounts(attempt)).toEqual([]);
});
