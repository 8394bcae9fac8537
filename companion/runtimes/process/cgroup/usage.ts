import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Controller } from './hierarchies.ts';

/** What the kernel counted in a pod's group so far. */
export interface GroupCounts {
  cpuMs: number | null;
  /** Processes the kernel ended for want of memory. */
  oomKills: number;
  /** Processes and threads the kernel refused to make. */
  refusedForks: number;
}

/** What a pod's group uses, and what was counted. */
export interface GroupUsage extends GroupCounts {
  memoryBytes: number | null;
  processes: number | null;
}

type Directories = Partial<Record<Controller, string>>;

/**
 * Counts of cgroup-v1/memory.rst, cpuacct.rst and cgroup-v2.rst. At once: three small files that the kernel has in
 * memory, for every pod each second, take less time than handing them to another thread.
 */
export function readCounts(version: 1 | 2, { memory, cpu, pids }: Directories): GroupCounts {
  const events = readNow(memory, version === 1 ? 'memory.oom_control' : 'memory.events');
  return {
    cpuMs: readCpu(version, cpu),
    oomKills: field(events, 'oom_kill') ?? 0,
    refusedForks: field(readNow(pids, 'pids.events'), 'max') ?? 0,
  };
}

export async function readUsage(version: 1 | 2, directories: Directories): Promise<GroupUsage> {
  const { memory, pids } = directories;
  // The kernel adds up all processors' parts for it.
  const [stat, charged] = await Promise.all([
    read(memory, 'memory.stat'),
    read(memory, version === 1 ? 'memory.usage_in_bytes' : 'memory.current'),
  ]);
  return {
    ...readCounts(version, directories),
    // Without the page cache that the kernel drops before it ends anything: what its owner would call used.
    memoryBytes: minus(whole(charged), field(stat, version === 1 ? 'total_inactive_file' : 'inactive_file')),
    processes: whole(readNow(pids, 'pids.current')),
  };
}

/** cpuacct is often mounted with cpu, and has a file of its own where it is not. */
function readCpu(version: 1 | 2, cpu: string | undefined): number | null {
  if (version === 1) {
    const nanoseconds = whole(readNow(cpu, 'cpuacct.usage'));
    return nanoseconds === null ? null : nanoseconds / 1e6;
  }
  const microseconds = field(readNow(cpu, 'cpu.stat'), 'usage_usec');
  return microseconds === null ? null : microseconds / 1e3;
}

const read = (directory: string | undefined, file: string): Promise<string> =>
  directory ? readFile(join(directory, file), 'latin1').catch(() => '') : Promise.resolve('');

function readNow(directory: string | undefined, file: string): string {
  if (!directory) return '';
  try {
    return readFileSync(join(directory, file), 'latin1');
  } catch {
    return ''; // the group is gone, or this kernel has no such file
  }
}

function field(text: string, name: string): number | null {
  const found = new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1];
  return found === undefined ? null : Number(found);
}

const whole = (text: string): number | null => (text.trim() === '' ? null : Number(text));

function minus(total: number | null, part: number | null): number | null {
  return total === null ? null : Math.max(0, total - (part ?? 0));
}
