import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makePlace } from '../pod-fixture.ts';
import { planMounts } from './plan.ts';

test('a mount below another comes after it, whatever the order they were given in', async () => {
  const { base, worktree } = await makePlace();
  const planned = await planMounts([{ source: worktree, writable: true }, { source: base }]);
  expect(planned.map(({ target }) => target)).toEqual([base, worktree]);
});

test('links in a source are resolved, the target keeps its name', async () => {
  const { base, worktree } = await makePlace();
  await symlink(worktree, join(base, 'link'));
  expect(await planMounts([{ source: join(base, 'link') }])).toEqual([
    { source: worktree, target: join(base, 'link'), writable: false },
  ]);
});

test('the same mount twice is one, writable if either is', async () => {
  const { worktree } = await makePlace();
  const planned = await planMounts([{ source: worktree, writable: true }, { source: worktree }]);
  expect(planned).toEqual([{ source: worktree, target: worktree, writable: true }]);
});

test.each(['relative', '/a/../b', '/', '/proc/x', '/dev', '/sys/fs'])(
  'the target %s is refused',
  async (target) => {
    const { worktree } = await makePlace();
    await expect(planMounts([{ source: worktree, target }])).rejects.toMatchObject({ code: 'MOUNT_INVALID' });
  },
);

test('two sources at one place are refused', async () => {
  const { worktree, dataDirectory } = await makePlace();
  const mounts = [{ source: worktree }, { source: dataDirectory, target: worktree }];
  await expect(planMounts(mounts)).rejects.toMatchObject({ code: 'MOUNT_CONFLICT' });
});

test('a source that does not exist is named', async () => {
  const mounts = [{ source: '/nonexistent/modules' }];
  await expect(planMounts(mounts)).rejects.toThrow('/nonexistent/modules');
});

test('below another mount, the mount point must exist, be of the same kind and be no link', async () => {
  const { base, worktree, dataDirectory } = await makePlace();
  await mkdir(join(worktree, 'directory'));
  await writeFile(join(worktree, 'file'), '');
  await symlink(dataDirectory, join(worktree, 'link'));
  const at = (name: string, source = dataDirectory) =>
    planMounts([{ source: base }, { source: worktree }, { source, target: join(worktree, name) }]);
  expect(await at('directory')).toHaveLength(3);
  expect(await at('file', join(worktree, 'file'))).toHaveLength(3);
  for (const name of ['missing', 'file', 'link']) {
    await expect(at(name)).rejects.toMatchObject({ code: 'MOUNT_TARGET_MISSING' });
  }
});

test('a mount point is made where a mount asks for it, for the owner of the directory above; what is there stays', async () => {
  const { worktree, dataDirectory } = await makePlace();
  const target = join(worktree, 'node_modules');
  const mounts = [{ source: worktree }, { source: dataDirectory, target, makePoint: true }];
  expect(await planMounts(mounts)).toHaveLength(2);
  expect(await readdir(target)).toEqual([]);
  await writeFile(join(target, 'kept'), '');
  await planMounts(mounts);
  expect(await readdir(target)).toEqual(['kept']);
});
