import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { identify } from '../identity.ts';
import { joinGroup, launch } from '../launch.ts';
import { childrenOf } from '../process-table.ts';
import { createGroup, type Group } from './group.ts';
import { findHierarchies, unifiedParents } from './hierarchies.ts';
import { sweepGroups } from './remove.ts';

const LIMITS = { memory_mb: 64, cpu_shares: 128, disk_mb: 100, pids: 1024 };
const hierarchies = await findHierarchies();
const { memory } = hierarchies.parents;
const name = () => `test${randomBytes(4).toString('hex')}-e`;

/** A shell in the group that then becomes the command. */
async function launchInto(group: Group | null, command: string) {
  const child = launch(['/bin/sh', '-c', `read go; ${command}`], { PATH: process.env.PATH });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child, 'spawn');
  if (group) await joinGroup(group, child.pid ?? 0);
  child.stdin?.write('go\n');
  return child;
}

test.runIf(memory)(
  'what a process starts after it joined is limited, and removed with the group',
  async () => {
    const group = await createGroup(hierarchies, name(), LIMITS);
    onTestFinished(() => group?.remove());
    const child = await launchInto(group, 'cat /proc/self/cgroup; sleep 1000');
    const [shown] = await once(child.stdout ?? child, 'data');
    for (const directory of group?.directories ?? [])
      expect(String(shown)).toContain(directory.split('/').slice(-2).join('/'));
    expect(await identify(child.pid ?? 0)).not.toBeNull();
    const over = once(child, 'exit');
    await group?.remove();
    await over;
    for (const directory of group?.directories ?? [])
      expect(await stat(directory).catch(() => null)).toBeNull();
  },
);

test.runIf(memory)('children that a process has when it joins are taken along', async () => {
  const group = await createGroup(hierarchies, name(), LIMITS);
  onTestFinished(() => group?.remove());
  const child = launch(['/bin/sh', '-c', '(sleep 1000 & sleep 1000) & echo up; wait'], {
    PATH: process.env.PATH,
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout ?? child, 'data');
  await expect.poll(async () => (await childrenOf(child.pid ?? 0)).length).toBe(1);
  if (group) await joinGroup(group, child.pid ?? 0);
  expect((await group?.usage())?.processes).toBeGreaterThanOrEqual(3);
});

test.runIf(memory)('what exceeds the memory is ended by the kernel, and counted', async () => {
  const group = await createGroup(hierarchies, name(), LIMITS);
  onTestFinished(() => group?.remove());
  expect((await group?.usage())?.oomKills).toBe(0);
  const hog = 'const a = []; for (;;) a.push(Buffer.alloc(4e6, 1));';
  const child = await launchInto(group, `exec ${process.execPath} -e '${hog}'`);
  child.stdout?.resume();
  const [, signal] = await once(child, 'exit');
  expect(signal).toBe('SIGKILL');
  expect((await group?.usage())?.oomKills).toBeGreaterThan(0);
});

test.runIf(memory)('usage tells memory and processes', async () => {
  const group = await createGroup(hierarchies, name(), LIMITS);
  onTestFinished(() => group?.remove());
  const hold = 'global.a = Buffer.alloc(30e6, 1); console.log(1); setInterval(() => {}, 1e6)';
  const child = await launchInto(group, `exec ${process.execPath} -e '${hold}'`);
  await once(child.stdout ?? child, 'data');
  const usage = await group?.usage();
  expect(usage?.memoryBytes).toBeGreaterThan(30e6);
  expect(usage?.memoryBytes).toBeLessThan(64e6);
  expect(usage?.processes).toBeGreaterThan(1);
});

test.runIf(memory)('sweep ends what is in our groups, and leaves those of others', async () => {
  const [mine, other] = [name(), name()];
  const [group, neighbour] = [
    await createGroup(hierarchies, mine, LIMITS),
    await createGroup(hierarchies, other, LIMITS),
  ];
  onTestFinished(() => neighbour?.remove());
  const child = await launchInto(group, 'sleep 1000');
  const over = once(child, 'exit');
  await sweepGroups(hierarchies, mine);
  await over;
  expect(await readdir(memory ?? '')).not.toContain(mine);
  expect(await readdir(memory ?? '')).toContain(other);
});

test('cgroup v2 in a fake hierarchy: the limits are written where the kernel looks for them', async () => {
  const { makePlace } = await import('../../pod-fixture.ts');
  const { base } = await makePlace();
  await writeFile(join(base, 'cgroup.controllers'), 'cpuset cpu io memory pids\n');
  await mkdir(join(base, 'vitrine'));
  await writeFile(join(base, 'vitrine', 'cgroup.controllers'), 'memory pids\n');
  const parents = await unifiedParents(base);
  expect(parents).toEqual({ memory: join(base, 'vitrine'), pids: join(base, 'vitrine') });
  const group = await createGroup({ version: 2, parents }, 'a-pod', LIMITS);
  const directory = join(base, 'vitrine', 'a-pod');
  expect(group?.directories).toEqual([directory]);
  const read = (file: string) => readFile(join(directory, file), 'utf8');
  expect(await read('memory.max')).toBe(String(64 * 1024 * 1024));
  expect(await read('memory.swap.max')).toBe('0');
  expect(await read('pids.max')).toBe('1024');
  await writeFile(join(directory, 'memory.current'), '5000000\n');
  await writeFile(join(directory, 'memory.stat'), 'anon 1\ninactive_file 1000000\n');
  await writeFile(join(directory, 'memory.events'), 'low 0\noom 3\noom_kill 2\n');
  await writeFile(join(directory, 'pids.current'), '7\n');
  await writeFile(join(directory, 'pids.events'), 'max 4\n');
  expect(await group?.usage()).toEqual({
    memoryBytes: 4_000_000,
    cpuMs: null,
    processes: 7,
    oomKills: 2,
    refusedForks: 4,
  });
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
