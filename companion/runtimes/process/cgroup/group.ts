import { mkdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ResourceLimits } from '#shared/config/environment-config.ts';
import type { Controller, Hierarchies } from './hierarchies.ts';
import { removeGroup } from './remove.ts';

/** What a pod's group used so far, and how often it met its limits. */
export interface GroupUsage {
  memoryBytes: number | null;
  cpuMs: number | null;
  processes: number | null;
  /** Processes the kernel ended for want of memory. */
  oomKills: number;
  /** Processes and threads the kernel refused to make. */
  refusedForks: number;
}

/** A control group (one directory for each hierarchy) that limits one pod. */
export interface Group {
  readonly enforces: readonly Controller[];
  readonly directories: readonly string[];
  /** Moves a process, with its threads, into the group. Children it has already stay where they are. */
  join(pid: number): Promise<void>;
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

/** The files of cgroup-v1/memory.rst, cpuacct.rst and cgroup-v2.rst. */
export async function readUsage(
  version: 1 | 2,
  directories: Partial<Record<Controller, string>>,
): Promise<GroupUsage> {
  const { memory, cpu, pids } = directories;
  const read = (directory: string | undefined, file: string) =>
    directory ? readFile(join(directory, file), 'utf8').catch(() => '') : Promise.resolve('');
  const [stat, charged, events, time, current, refused] = await Promise.all([
    read(memory, 'memory.stat'),
    read(memory, version === 1 ? 'memory.usage_in_bytes' : 'memory.current'),
    read(memory, version === 1 ? 'memory.oom_control' : 'memory.events'),
    // cpuacct is often mounted with cpu, and has a file of its own where it is not.
    read(cpu, version === 1 ? 'cpuacct.usage' : 'cpu.stat'),
    read(pids, 'pids.current'),
    read(pids, 'pids.events'),
  ]);
  const field = (text: string, name: string) => {
    const found = new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1];
    return found === undefined ? null : Number(found);
  };
  const whole = (text: string) => (text.trim() === '' ? null : Number(text));
  const nanoseconds = version === 1 ? whole(time) : null;
  const microseconds = version === 2 ? field(time, 'usage_usec') : null;
  return {
    // Without the page cache that the kernel drops before it ends anything: what its owner would call used.
    memoryBytes: minus(whole(charged), field(stat, version === 1 ? 'total_inactive_file' : 'inactive_file')),
    cpuMs: nanoseconds !== null ? nanoseconds / 1e6 : microseconds !== null ? microseconds / 1e3 : null,
    processes: whole(current),
    oomKills: field(events, 'oom_kill') ?? 0,
    refusedForks: field(refused, 'max') ?? 0,
  };
}

function minus(total: number | null, part: number | null): number | null {
  return total === null ? null : Math.max(0, total - (part ?? 0));
}
