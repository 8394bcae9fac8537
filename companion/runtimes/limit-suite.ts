import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { ResourceLimits } from '#shared/config/environment-config.ts';
import { get, makePlace, makePod, podSpec, run, start, writeServer } from './pod-fixture.ts';
import type { LimitEvent, PodSpec, Runtime } from './runtime.ts';

const MB = 1024 * 1024;

/** What every runtime does about resources, as far as its pods say that they limit them. */
export function describeLimits(runtime: () => Runtime): void {
  describe('limits', () => {
    const podWith = async (limits: Partial<ResourceLimits>) => {
      const place = await makePlace();
      const events: LimitEvent[] = [];
      const spec: PodSpec = { ...podSpec(place), onLimit: (event) => events.push(event) };
      spec.limits = { ...spec.limits, ...limits };
      return { place, events, pod: await makePod(runtime(), spec) };
    };

    test('a service that takes too much memory is ended, and that is said', async ({ skip }) => {
      const { place, pod, events } = await podWith({ memory_mb: 192 });
      if (pod.isolation.memory === 'none') skip('memory is not limited here');
      const small = await start(pod, {
        name: 'small',
        command: await writeServer(place, `'still here'`),
        cwd: place.worktree,
      });
      await get(pod, small.port);
      const hog = `const kept = []; setInterval(() => kept.push(Buffer.alloc(8e6, 1)), 5);`;
      const service = await start(pod, { command: ['node', '-e', hog], cwd: place.worktree, port: 3001 });
      expect(await service.exited).toMatchObject({ outOfMemory: true, signal: 'SIGKILL' });
      await expect
        .poll(() => events, { timeout: 5_000 })
        .toContainEqual({ limit: 'memory', service: 'backend', ended: true });
      expect(await get(pod, small.port)).toBe('still here');
    }, 60_000);

    test('it can start again after that', async ({ skip }) => {
      const { place, pod } = await podWith({ memory_mb: 192 });
      if (pod.isolation.memory === 'none') skip('memory is not limited here');
      const hog = `const kept = []; setInterval(() => kept.push(Buffer.alloc(8e6, 1)), 5);`;
      for (let round = 0; round < 2; round += 1) {
        const service = await start(pod, { command: ['node', '-e', hog], cwd: place.worktree });
        expect(await service.exited).toMatchObject({ signal: 'SIGKILL' });
      }
      expect(await run(pod, place.worktree, 'echo fine')).toBe('fine');
    }, 60_000);

    test('no more processes than allowed are made, and that is said', async ({ skip }) => {
      const { place, pod, events } = await podWith({ pids: 64 });
      if (pod.isolation.pids !== 'enforced') skip('processes are not limited here');
      const bomb = `const { spawn } = require('child_process'); let up = 0;
        for (let i = 0; i < 200; i++) { const c = spawn('sleep', ['60']); c.on('spawn', () => up++); c.on('error', () => {}); }
        setTimeout(() => { console.log(up); process.exit(); }, 1500);`;
      const made = Number(await run(pod, place.worktree, ['node', '-e', bomb]));
      expect(made).toBeLessThan(90);
      expect(await run(pod, place.worktree, 'echo fine')).toBe('fine');
      // Who counts with RLIMIT_NPROC is not told of refusals.
      await Promise.race([
        expect.poll(() => events, { timeout: 8_000 }).toContainEqual({ limit: 'processes', ended: false }),
        delay(3_000),
      ]);
    }, 60_000);

    test('a pod that makes too many processes is ended, where that is watched', async ({ skip }) => {
      const { place, pod, events } = await podWith({ pids: 64 });
      if (pod.isolation.pids !== 'watched') skip('processes are not watched here');
      const bomb = `for (let i = 0; i < 100; i++) require('child_process').spawn('sleep', ['86396'], { detached: true });`;
      const service = await start(pod, { command: ['node', '-e', bomb], cwd: place.worktree });
      expect(await service.exited).toMatchObject({ code: null });
      expect(events).toContainEqual({ limit: 'processes', ended: true });
    }, 60_000);

    test('a fork bomb stays inside, a neighbour goes on, and destroy ends it', async ({ skip }) => {
      const neighbour = await podWith({});
      const { place, pod } = await podWith({ pids: 256 });
      if (pod.isolation.processes === 'none') skip('there is no process namespace here');
      const command = await writeServer(neighbour.place, `'quick'`);
      const service = await start(neighbour.pod, { command, cwd: neighbour.place.worktree });
      await get(neighbour.pod, service.port);
      await start(pod, { command: 'f() { f | f & }; f; sleep 1000', cwd: place.worktree });
      await delay(500);
      const during = (await readdir('/proc')).length;
      if (pod.isolation.pids === 'enforced') expect(during).toBeLessThan(3_000);
      expect(await get(neighbour.pod, service.port)).toBe('quick');
      await pod.destroy();
      await expect.poll(async () => (await readdir('/proc')).length, { timeout: 5_000 }).toBeLessThan(during);
    }, 60_000);

    test('no file grows beyond the disk limit', async ({ skip }) => {
      const { place, pod, events } = await podWith({ disk_mb: 16 });
      if (pod.isolation.disk === 'none') skip('the disk is not limited here');
      const service = await start(pod, {
        command: 'exec head -c 100000000 /dev/zero > big',
        cwd: place.worktree,
      });
      expect(await service.exited).toMatchObject({ outOfDisk: true });
      expect((await stat(join(place.worktree, 'big'))).size).toBeLessThanOrEqual(16 * MB);
      expect(events).toContainEqual({ limit: 'disk', service: 'backend', ended: true });
    });

    test('many files beyond the disk limit end what writes them', async ({ skip }) => {
      const { place, pod, events } = await podWith({ disk_mb: 32 });
      if (pod.isolation.disk === 'none') skip('the disk is not limited here');
      const hog = `const fs = require('fs'); let n = 0; const b = Buffer.alloc(1e6, 1);
        setInterval(() => fs.writeFileSync((n % 2 ? '.' : process.env.HOME) + '/part' + n++, b), 10);`;
      const service = await start(pod, { command: ['node', '-e', hog], cwd: place.worktree });
      expect(await service.exited).toMatchObject({ outOfDisk: true });
      expect(events).toContainEqual({ limit: 'disk', service: 'backend', ended: true });
      // The pod itself lives on, so that the files can be removed.
      expect(await run(pod, place.worktree, 'rm -f part* ~/part*; echo fine')).toBe('fine');
    }, 60_000);

    test('usage tells memory, processor time and processes', async ({ skip }) => {
      const { place, pod } = await podWith({});
      const before = await pod.usage();
      if (before === null) skip('this platform does not tell');
      const code = `global.held = Buffer.alloc(80e6, 1); while (process.cpuUsage().user < 4e5); console.log('held'); setInterval(() => {}, 1e6);`;
      await writeFile(join(place.worktree, 's.cjs'), code);
      const service = await start(pod, { command: ['node', 's.cjs'], cwd: place.worktree });
      await expect.poll(() => service.lines, { timeout: 10_000 }).toContain('held');
      const during = await poll(
        () => pod.usage(),
        (usage) => (usage?.memoryBytes ?? 0) > 80e6,
      );
      expect(during?.memoryBytes).toBeLessThan(300e6);
      expect((during?.cpuMs ?? 0) - (before?.cpuMs ?? 0)).toBeGreaterThan(150);
      expect(during?.processes).toBeGreaterThan(0);
      await pod.destroy();
      expect(await pod.usage()).toBeNull();
    });
  });
}

/** Statistics of an engine may be a second old. */
async function poll<T>(read: () => Promise<T>, isIt: (value: T) => boolean): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    const value = await read();
    if (isIt(value) || attempt === 25) return value;
    await delay(200);
  }
}
