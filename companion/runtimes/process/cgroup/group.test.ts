import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { identify } from '../identity.ts';
import { launch } from '../launch.ts';
import { createGroup, sweepGroups } from './group.ts';
import { findHierarchies } from './hierarchies.ts';

const LIMITS = { memory_mb: 64, cpu_shares: 128, disk_mb: 100, pids: 1024 };
const hierarchies = await findHierarchies();
const { memory } = hierarchies.parents;
const name = () => `test${randomBytes(4).toString('hex')}-e`;

test.runIf(memory)(
  'a process launched into a group is limited from its first instruction, and removed with it',
  async () => {
    const group = await createGroup(hierarchies, name(), LIMITS);
    onTestFinished(() => group?.remove());
    const child = launch(['/bin/sh', '-c', 'cat /proc/self/cgroup; sleep 1000'], group, {});
    const [shown] = await once(child.stdout ?? child, 'data');
    for (const directory of group?.directories ?? [])
      expect(String(shown)).toContain(directory.split('/').slice(-2).join('/'));
    const identity = await identify(child.pid ?? 0);
    expect(identity).not.toBeNull();
    const over = once(child, 'exit');
    await group?.remove();
    await over;
    for (const directory of group?.directories ?? [])
      expect(await stat(directory).catch(() => null)).toBeNull();
  },
);

test.runIf(memory)('what exceeds the memory is ended by the kernel, and counted', async () => {
  const group = await createGroup(hierarchies, name(), LIMITS);
  onTestFinished(() => group?.remove());
  expect(await group?.oomKills()).toBe(0);
  const child = launch(
    [process.execPath, '-e', 'const a = []; for (;;) a.push(Buffer.alloc(4e6, 1));'],
    group,
    {},
  );
  child.stdout?.resume();
  const [, signal] = await once(child, 'exit');
  expect(signal).toBe('SIGKILL');
  expect(await group?.oomKills()).toBeGreaterThan(0);
});

test.runIf(memory)('sweep ends what is in our groups, and leaves those of others', async () => {
  const [mine, other] = [name(), name()];
  const [group, neighbour] = [
    await createGroup(hierarchies, mine, LIMITS),
    await createGroup(hierarchies, other, LIMITS),
  ];
  onTestFinished(() => neighbour?.remove());
  const child = launch(['/bin/sleep', '1000'], group, {});
  await once(child, 'spawn');
  await expect.poll(async () => readFile(join(memory ?? '', mine, 'cgroup.procs'), 'utf8')).not.toBe('');
  await sweepGroups(hierarchies, mine);
  expect(await readdir(memory ?? '')).not.toContain(mine);
  expect(await readdir(memory ?? '')).toContain(other);
});

test('an abandoned directory goes when it is empty and old, one in use stays', async () => {
  const { makePlace } = await import('../../pod-fixture.ts');
  const { base } = await makePlace();
  const parents = { memory: join(base, 'groups') };
  const old = new Date(Date.now() - 3_600_000);
  for (const directory of ['empty', 'used', 'new'])
    await mkdir(join(parents.memory, directory), { recursive: true });
  await writeFile(join(parents.memory, 'used', 'process'), '');
  for (const directory of ['empty', 'used']) await utimes(join(parents.memory, directory), old, old);
  await sweepGroups({ version: 1, parents }, 'mine-');
  expect((await readdir(parents.memory)).sort()).toEqual(['new', 'used']);
});

test('without any hierarchy there is no group', async () => {
  expect(await createGroup({ version: 2, parents: {} }, 'x', LIMITS)).toBeNull();
});
