import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { confinePath } from './confine-path.ts';

let base: string;
let worktree: string;
beforeAll(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'vitrine-confine-')));
  worktree = join(base, 'tree');
  await mkdir(join(worktree, 'src'), { recursive: true });
  await mkdir(join(worktree, '.git'));
  await mkdir(join(base, 'tree-evil'));
  await writeFile(join(base, 'secret'), 'x');
  await writeFile(join(worktree, 'src/app.ts'), 'x');
  await symlink(join(base, 'secret'), join(worktree, 'link-out'));
  await symlink(base, join(worktree, 'dir-out'));
  await symlink(join(base, 'not-yet'), join(worktree, 'dangling'));
  await symlink('src', join(worktree, 'alias'));
  await symlink('.git', join(worktree, 'git-alias'));
});
afterAll(() => rm(base, { recursive: true, force: true }));

test.each(['src/app.ts', './src/../src/app.ts', 'alias/app.ts'])('%s is resolved inside', async (path) => {
  expect(await confinePath(worktree, path)).toBe(join(worktree, 'src/app.ts'));
});

test('a file that does not exist yet may be named', async () => {
  expect(await confinePath(worktree, 'src/new/page.ts')).toBe(join(worktree, 'src/new/page.ts'));
});

test.each([
  '..',
  '../secret',
  'src/../../secret',
  '../tree-evil/x',
  '/etc/passwd',
  'link-out',
  'dir-out/secret',
  'dangling',
  '.git/config',
  'src/../.git/config',
  'git-alias/config',
  '',
  'src/\0app.ts',
])('attack 20: %j is refused', async (path) => {
  await expect(confinePath(worktree, path)).rejects.toMatchObject({
    code: 'PATH_OUTSIDE_WORKTREE',
    status: 400,
  });
});
