import { constants } from 'node:fs';
import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export type Controller = 'memory' | 'pids' | 'cpu';
const CONTROLLERS: Controller[] = ['memory', 'pids', 'cpu'];

/** Where groups can be made: a directory of ours for each controller this process may use. */
export interface Hierarchies {
  version: 1 | 2;
  parents: Partial<Record<Controller, string>>;
}

/** Name of our directory in a hierarchy, beside `docker` and `system.slice`. */
const OWN_DIRECTORY = 'vitrine';

/** Finds the controllers that may be used to limit pods. Empty parents where there are none (most desktops' v1, macOS). */
export async function findHierarchies(): Promise<Hierarchies> {
  if (process.platform !== 'linux') return { version: 2, parents: {} };
  try {
    const mounts = parseMounts(await readFile('/proc/self/mountinfo', 'utf8'));
    const unified = mounts.find((mount) => mount.type === 'cgroup2');
    const available = unified ? await controllersOf(unified.path) : [];
    return available.includes('memory') && unified
      ? { version: 2, parents: await unifiedParents(unified.path) }
      : { version: 1, parents: await legacyParents(mounts) };
  } catch {
    return { version: 2, parents: {} };
  }
}

interface GroupMount {
  path: string;
  type: string;
  options: string[];
}

/** Lines of proc_pid_mountinfo(5): … root path options … - type source superOptions. */
function parseMounts(text: string): GroupMount[] {
  return text.split('\n').flatMap((line) => {
    const [left = '', right = ''] = line.split(' - ');
    const path = left.split(' ')[4];
    const [type, , options = ''] = right.split(' ');
    return path && (type === 'cgroup' || type === 'cgroup2')
      ? [{ path, type, options: options.split(',') }]
      : [];
  });
}

async function legacyParents(mounts: GroupMount[]): Promise<Hierarchies['parents']> {
  const parents: Hierarchies['parents'] = {};
  for (const controller of CONTROLLERS) {
    const mount = mounts.find(({ type, options }) => type === 'cgroup' && options.includes(controller));
    const directory = mount && (await ownDirectory(mount.path));
    if (directory) parents[controller] = directory;
  }
  return parents;
}

/** Root makes its groups at the top, as Docker does; others beside their own group, if systemd delegated it to them. */
async function unifiedParents(mount: string): Promise<Hierarchies['parents']> {
  const own = /^0::(.*)$/m.exec(await readFile('/proc/self/cgroup', 'utf8'))?.[1] ?? '/';
  const above = process.getuid?.() === 0 ? mount : join(mount, dirname(own));
  const directory = await ownDirectory(above);
  if (!directory) return {};
  const parents: Hierarchies['parents'] = {};
  for (const controller of await controllersOf(directory)) {
    const known = CONTROLLERS.find((name) => name === controller);
    if (!known) continue;
    const enabled = await writeFile(join(directory, 'cgroup.subtree_control'), `+${known}`).then(
      () => true,
      () => false,
    );
    if (enabled) parents[known] = directory;
  }
  return parents;
}

async function ownDirectory(above: string): Promise<string | null> {
  const directory = join(above, OWN_DIRECTORY);
  try {
    await mkdir(directory, { recursive: true });
    await access(directory, constants.W_OK);
    return directory;
  } catch {
    return null;
  }
}

async function controllersOf(directory: string): Promise<string[]> {
  return (await readFile(join(directory, 'cgroup.controllers'), 'utf8')).trim().split(/\s+/);
}
