import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readBranch } from './read-branch.ts';

test('a worktree’s branch is the one it is on by now, whoever switched it, and a commit when it is on none', async () => {
  const base = await mkdtemp(join(tmpdir(), 'vitrine-branch-'));
  onTestFinished(() => rm(base, { recursive: true, force: true }));
  const worktree = join(base, 'attempt');
  const git = (directory: string, ...args: string[]) =>
    execFileSync('git', ['-C', directory, ...args], { encoding: 'utf8', stdio: 'pipe' }).trim();
  const identity = ['-c', 'user.name=A', '-c', 'user.email=a@example.invalid'];
  git(base, 'init', '-q', '-b', 'main');
  git(base, ...identity, 'commit', '-q', '--allow-empty', '-m', 'first');
  git(base, 'worktree', 'add', '-q', '-b', 'täsk/one', worktree);
  expect(await readBranch(base)).toBe('main');
  expect(await readBranch(worktree)).toBe('täsk/one');
  git(worktree, 'checkout', '-q', '-b', 'two');
  expect(await readBranch(worktree)).toBe('two');
  git(worktree, 'checkout', '-q', '--detach');
  expect(git(base, 'rev-parse', 'HEAD')).toMatch(new RegExp(`^${await readBranch(worktree)}`));
  expect(await readBranch(tmpdir())).toBeNull();
});
