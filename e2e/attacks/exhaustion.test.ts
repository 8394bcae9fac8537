import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Isolation } from '#shared/api/environment.ts';
import { processesNaming } from '../leftovers.ts';
import { Lifetime } from '../lifetime.ts';
import { waitUntil } from '../wait-until.ts';
import { type Arena, openArena } from './arena.ts';
import type { Attacker } from './attacker.ts';
import { GROUNDS } from './grounds.ts';
import { expectUndisturbed } from './latency.ts';

const LIMITS = { memory_mb: 256, pids: 128, disk_mb: 96 };
/** What watchers may take until they see it: they look every few seconds. */
const WATCHER_DEADLINE_MS = 30_000;
const GONE_DEADLINE_MS = 20_000;
const LOG_BYTES = 1_000_000_000;
/** Who prints is slowed down to what is read: the rest of the gigabyte would take as long again. */
const LOG_SECONDS = 45;

describe.each(GROUNDS)('exhaustion, from inside a sandbox of $name', (ground) => {
  const lifetime = new Lifetime();
  let arena: Arena;
  let neighbour: Attacker;
  let attacker: Attacker | undefined;
  let count = 0;

  beforeAll(async () => {
    arena = lifetime.own(await openArena(ground), (opened) => opened.leave());
    neighbour = await arena.enter('neighbour');
  });
  /** Whatever an attack left running or lying about is gone with its environment. */
  afterEach(async () => {
    if (!attacker) return;
    const { id, worktree } = attacker;
    attacker = undefined;
    await arena.companion.terminate(id);
    await waitUntil(async () => (await processesNaming(worktree)).length === 0, {
      what: 'every process of the attacker to be gone',
      deadlineMs: GONE_DEADLINE_MS,
    });
    expect(await readdir(join(arena.companion.home, 'environments'))).toEqual([neighbour.id]);
  });
  afterAll(() => lifetime.end());

  async function enter(): Promise<Attacker> {
    count += 1;
    attacker = await arena.enter(`attacker-${count}`, { resource_limits: LIMITS });
    return attacker;
  }

  /** Not the same as a wall: the level is what doctor and the environment's detail say, and they agree. */
  async function levelOf(kind: keyof Isolation, { id, isolation }: Attacker) {
    const { runtimes } = await arena.companion.diagnose();
    const told = runtimes.find(({ name }) => name === ground.runtime)?.isolation[kind];
    const { isolation: detail } = await arena.companion.environment(id);
    expect([told, detail[kind]]).toEqual([isolation[kind], isolation[kind]]);
    return isolation[kind];
  }

  const tellsLimit = (id: string, limit: string) =>
    waitUntil(async () => (await arena.companion.events(id)).find(({ type }) => type === `limit_${limit}`), {
      what: `the environment to tell of its limit of ${limit}`,
      deadlineMs: WATCHER_DEADLINE_MS,
    });

  test('more processes than the limit are refused, and that is told', async () => {
    const hostile = await enter();
    const level = await levelOf('pids', hostile);
    if (level === 'none') return;
    if (level === 'enforced') {
      const { forked, refused } = await hostile.countForks(LIMITS.pids * 4);
      expect({ refused, isBelowLimit: forked < LIMITS.pids }).toEqual({
        refused: 'EAGAIN',
        isBelowLimit: true,
      });
    } else {
      await hostile.countForks(LIMITS.pids * 4).catch(() => {}); // ended with what it started
    }
    if (level === 'watched') expect(await tellsLimit(hostile.id, 'processes')).toBeDefined();
  });

  test('a fork bomb leaves a neighbour as quick as before', async () => {
    const hostile = await enter();
    // Without a wall a real one would take the machine down before any watcher looks.
    if ((await levelOf('pids', hostile)) !== 'enforced') return;
    await expectUndisturbed(`fork bomb on ${ground.name}`, arena.companion, neighbour.id, async () => {
      await hostile.forkBomb();
      await delay(4_000);
    });
    expect((await processesNaming(hostile.worktree)).length).toBeLessThan(LIMITS.pids * 2);
  });

  test('memory beyond the limit ends who took it and nobody else', async () => {
    const hostile = await enter();
    const level = await levelOf('memory', hostile);
    if (level === 'none') return;
    const taken = await expectUndisturbed(`memory on ${ground.name}`, arena.companion, neighbour.id, () =>
      // The kernel may choose the whole backend, which then cannot answer.
      hostile.eatMemory(LIMITS.memory_mb * 4).catch(() => null),
    );
    if (taken) expect(taken).not.toMatchObject({ exit: 42 });
    if (ground.tellsOfMemory) {
      expect((await tellsLimit(hostile.id, 'memory')).detail).toMatch(/256 MB of memory/);
    }
    expect((await arena.companion.environment(neighbour.id)).status).toBe('running');
  });

  test.each([
    ['its worktree', (hostile: Attacker) => hostile.worktree],
    ['its private directory', (hostile: Attacker) => join(arena.companion.home, 'environments', hostile.id)],
  ])('%s does not grow without bound', async (what, place) => {
    const hostile = await enter();
    const level = await levelOf('disk', hostile);
    if (level === 'none') return;
    const most = level === 'enforced' ? LIMITS.disk_mb * 3 : LIMITS.disk_mb * 2;
    const filled = await expectUndisturbed(
      `${what} full on ${ground.name}`,
      arena.companion,
      neighbour.id,
      () => hostile.fillDisk(place(hostile), most, true).catch(() => null),
    );
    if (level === 'enforced') expect(filled?.refused).toMatch(/^(ENOSPC|EDQUOT|EFBIG)$/);
    expect((await tellsLimit(hostile.id, 'disk')).detail).toMatch(/96 MB of disk/);
  });

  test('/tmp is bounded on every sandbox, as part of its memory', async () => {
    const hostile = await enter();
    const filled = await expectUndisturbed(`/tmp full on ${ground.name}`, arena.companion, neighbour.id, () =>
      hostile.fillDisk('/tmp', LIMITS.memory_mb * 3).catch(() => null),
    );
    // Refused, or its writer ended: what lies in /tmp is memory.
    if (filled) expect(filled.refused).toMatch(/^(ENOSPC|ENOMEM|EDQUOT)$/);
    expect(filled?.writtenMb ?? 0).toBeLessThanOrEqual(LIMITS.memory_mb);
  });

  test('a gigabyte of log lines neither slows a neighbour down nor fills the companion', async () => {
    const hostile = await enter();
    const before = await residentMb(arena.companion.pid);
    const { written } = await expectUndisturbed(
      `log flood on ${ground.name}`,
      arena.companion,
      neighbour.id,
      () => hostile.floodLog(LOG_BYTES, LOG_SECONDS),
    );
    console.log(`log flood on ${ground.name}: ${Math.round(written / 1e6)} MB were taken`);
    expect((await residentMb(arena.companion.pid)) - before).toBeLessThan(250);
  });
});

async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
}
