import { mkdir, readdir, readFile, rmdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ResourceLimits } from '#shared/config/environment-config.ts';
import type { Controller, Hierarchies } from './hierarchies.ts';

/** Processes and threads of one pod: far above what an app needs, far below what hurts a machine. */
export const PIDS_LIMIT = 1_024;

const REMOVE_ATTEMPTS = 40;
const REMOVE_PAUSE_MS = 25;
const ABANDONED_AFTER_MS = 60_000;

/** A control group (one directory for each hierarchy) that limits one pod. */
export interface Group {
  readonly enforces: readonly Controller[];
  /** Directories into whose `cgroup.procs` the pod's first process writes itself. */
  readonly directories: readonly string[];
  /** How many processes the kernel ended for want of memory so far. */
  oomKills(): Promise<number>;
  /** Ends what is left inside, then removes it. */
  remove(): Promise<void>;
}

/** Makes a pod's group, or returns null where nothing can be limited. */
export async function createGroup(
  { version, parents }: Hierarchies,
  name: string,
  limits: ResourceLimits,
): Promise<Group | null> {
  const made = new Map<Controller, string>();
  for (const [controller, parent] of Object.entries(parents) as [Controller, string][]) {
    const directory = join(parent, name);
    try {
      await mkdir(directory, { recursive: true });
      for (const [file, value, optional] of settings(version, controller, limits)) {
        const written = writeFile(join(directory, file), value);
        await (optional ? written.catch(() => {}) : written);
      }
      made.set(controller, directory);
    } catch {
      await rmdir(directory).catch(() => {});
    }
  }
  if (made.size === 0) return null;
  const directories = [...new Set(made.values())];
  const memory = made.get('memory');
  return {
    enforces: [...made.keys()],
    directories,
    oomKills: async () => (memory ? countOomKills(join(memory, OOM_FILE[version])) : 0),
    remove: async () => {
      await Promise.all(directories.map(removeGroup));
    },
  };
}

/**
 * Removes groups that an earlier companion with the same name prefix left, and what still runs in them. Groups of
 * other companions go only if they are empty and old: those were killed, and their state directories perhaps removed.
 */
export async function sweepGroups({ parents }: Hierarchies, prefix: string): Promise<void> {
  for (const parent of new Set(Object.values(parents))) {
    const names = await readdir(parent, { withFileTypes: true }).catch(() => []);
    const directories = names.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
    await Promise.all(
      directories.map((name) =>
        name.startsWith(prefix) ? removeGroup(join(parent, name)) : removeIfAbandoned(join(parent, name)),
      ),
    );
  }
}

async function removeIfAbandoned(directory: string): Promise<void> {
  const { mtimeMs } = await stat(directory).catch(() => ({ mtimeMs: Date.now() }));
  // Refused by the kernel while a process is inside; a pod's first process joins right after its group was made.
  if (Date.now() - mtimeMs > ABANDONED_AFTER_MS) await rmdir(directory).catch(() => {});
}

const OOM_FILE = { 1: 'memory.oom_control', 2: 'memory.events' } as const;

/** [file, value, may be missing] for each controller. */
function settings(
  version: 1 | 2,
  controller: Controller,
  { memory_mb, cpu_shares }: ResourceLimits,
): [file: string, value: string, optional: boolean][] {
  const bytes = String(memory_mb * 1024 * 1024);
  if (controller === 'pids') return [['pids.max', String(PIDS_LIMIT), false]];
  if (controller === 'cpu') {
    // v2 weights are 1..10000 around 100 where v1 shares are 2..262144 around 1024 (the kernel's own mapping).
    const weight = Math.max(1, Math.round(1 + ((cpu_shares - 2) * 9_999) / 262_142));
    return version === 1
      ? [['cpu.shares', String(cpu_shares), false]]
      : [['cpu.weight', String(weight), false]];
  }
  return version === 1
    ? [
        ['memory.limit_in_bytes', bytes, false],
        ['memory.memsw.limit_in_bytes', bytes, true],
      ]
    : [
        ['memory.max', bytes, false],
        ['memory.swap.max', '0', true],
      ];
}

async function countOomKills(file: string): Promise<number> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return Number(/^oom_kill (\d+)$/m.exec(text)?.[1] ?? 0);
}

/** A group can be removed once the kernel is through with its processes, a moment after they were ended. */
async function removeGroup(directory: string): Promise<void> {
  for (let attempt = 0; attempt < REMOVE_ATTEMPTS; attempt += 1) {
    try {
      await rmdir(directory);
      return;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
    }
    const pids = await readFile(join(directory, 'cgroup.procs'), 'utf8').catch(() => '');
    for (const pid of pids.split('\n').map(Number)) {
      // Whatever is in a group of ours was put there by us: no other process can be hit.
      if (pid > 1) tryKill(pid);
    }
    await delay(REMOVE_PAUSE_MS);
  }
}

function tryKill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}
