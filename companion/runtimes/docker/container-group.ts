import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Controller } from '../process/cgroup/hierarchies.ts';
import { type GroupCounts, readCounts } from '../process/cgroup/usage.ts';
import { PodProcesses } from '../process/pod-processes.ts';
import type { Engine } from './engine.ts';

const MOUNT = '/sys/fs/cgroup';
/** Where the processor time of version 1 is told. */
const LEGACY_NAMES: Record<Controller, string> = { memory: 'memory', pids: 'pids', cpu: 'cpuacct' };

/** What the kernel of this machine counts of a container that runs here. */
export interface ContainerGroup {
  counts(): GroupCounts;
  /** Bytes its processes wrote to files so far; null where that is not told. */
  writtenBytes(): Promise<number | null>;
}

/** Finds the control group of a running container; null where it cannot be seen. */
export async function findContainerGroup(engine: Engine, id: string): Promise<ContainerGroup | null> {
  try {
    const { State } = await engine.call('describe a container', engine.docker.getContainer(id).inspect());
    if (!State.Running || State.Pid === 0) return null;
    // Lines of proc_pid_cgroup(5): `hierarchy:controllers:path`.
    const lines = (await readFile(`/proc/${State.Pid}/cgroup`, 'utf8')).trim().split('\n');
    const paths = new Map(
      lines.flatMap((line) => {
        const [, controllers = '', path = ''] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
        return controllers.split(',').map((controller) => [controller, path] as const);
      }),
    );
    // The id of a process that ended may be somebody else's by now.
    if (![...paths.values()].some((path) => path.includes(id))) return null;
    const directories = (await legacyDirectories(paths)) ?? (await unifiedDirectories(paths));
    if (!directories) return null;
    const version = directories.memory === directories.pids ? 2 : 1;
    const processes = new PodProcesses(State.Pid, null);
    return {
      counts: () => readCounts(version, directories),
      writtenBytes: () => processes.writtenBytes(),
    };
  } catch {
    return null; // it ended, or the engine is elsewhere after all
  }
}

type Directories = Record<Controller, string>;

async function legacyDirectories(paths: Map<string, string>): Promise<Directories | null> {
  const directoryOf = async (controller: Controller) => {
    const name = LEGACY_NAMES[controller];
    const path = paths.get(name);
    return path === undefined ? null : existing(join(MOUNT, name, path));
  };
  const [memory, pids, cpu] = await Promise.all([
    directoryOf('memory'),
    directoryOf('pids'),
    directoryOf('cpu'),
  ]);
  return memory && pids && cpu ? { memory, pids, cpu } : null;
}

async function unifiedDirectories(paths: Map<string, string>): Promise<Directories | null> {
  const path = paths.get('');
  const directory = path === undefined ? null : await existing(join(MOUNT, path));
  return directory ? { memory: directory, pids: directory, cpu: directory } : null;
}

async function existing(path: string): Promise<string | null> {
  return access(path).then(
    () => path,
    () => null,
  );
}
