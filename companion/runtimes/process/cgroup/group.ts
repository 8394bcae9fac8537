import { mkdir, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ResourceLimits } from '#shared/config/environment-config.ts';
import type { Controller, Hierarchies } from './hierarchies.ts';
import { removeGroup } from './remove.ts';
import { type GroupCounts, type GroupUsage, readCounts, readUsage } from './usage.ts';

/** A control group (one directory for each hierarchy) that limits one pod. */
export interface Group {
  readonly enforces: readonly Controller[];
  readonly directories: readonly string[];
  /** Moves a process, with its threads, into the group. Children it has already stay where they are. */
  join(pid: number): Promise<void>;
  counts(): GroupCounts;
  usage(): Promise<GroupUsage>;
  /** Ends what is left inside, then removes it. */
  remove(): Promise<void>;
}

/** Makes a pod's group, or returns null where nothing can be limited. */
export async function createGroup(
  { version, parents }: Hierarchies,
  name: string,
  limits: ResourceLimits,
): Promise<Group | null> {
  const made: Partial<Record<Controller, string>> = {};
  for (const [controller, parent] of Object.entries(parents) as [Controller, string][]) {
    const directory = join(parent, name);
    try {
      await mkdir(directory, { recursive: true });
      for (const [file, value, optional] of settings(version, controller, limits)) {
        const written = writeFile(join(directory, file), value);
        await (optional ? written.catch(() => {}) : written);
      }
      made[controller] = directory;
    } catch {
      await rmdir(directory).catch(() => {});
    }
  }
  const directories = [...new Set(Object.values(made))];
  if (directories.length === 0) return null;
  return {
    enforces: Object.keys(made) as Controller[], // Partial<Record<Controller, …>> has no other keys
    directories,
    join: async (pid) => {
      for (const directory of directories) await writeFile(join(directory, 'cgroup.procs'), String(pid));
    },
    counts: () => readCounts(version, made),
    usage: () => readUsage(version, made),
    remove: async () => {
      await Promise.all(directories.map(removeGroup));
    },
  };
}

/** [file, value, may be missing] for each controller. */
function settings(
  version: 1 | 2,
  controller: Controller,
  { memory_mb, cpu_shares, pids }: ResourceLimits,
): [file: string, value: string, optional: boolean][] {
  const bytes = String(memory_mb * 1024 * 1024);
  if (controller === 'pids') return [['pids.max', String(pids), false]];
  if (controller === 'cpu') {
    return version === 1
      ? [['cpu.shares', String(cpu_shares), false]]
      : [['cpu.weight', String(cpuWeight(cpu_shares)), false]];
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

/** v2 weights are 1..10000 around 100 where v1 shares are 2..262144 around 1024: the mapping of runc and systemd. */
export function cpuWeight(shares: number): number {
  return Math.max(1, Math.round(1 + ((shares - 2) * 9_999) / 262_142));
}
