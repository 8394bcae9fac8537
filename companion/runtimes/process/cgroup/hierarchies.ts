import { constants } from 'node:fs';
import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

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
      ? { version: 2, parents: process.getuid?.() === 0 ? await unifiedParents(unified.path) : {} }
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

/**
 * Root makes its groups at the top, as Docker does. Others may make none below what systemd manages for them, but can
 * ask it to: see scope.ts.
 */
export async function unifiedParents(mount: string): Promise<Hierarchies['parents']> {
  await enable(mount, await controllersOf(mount));
  const directory = await ownDirectory(mount);
  if (!directory) return {};
  const enabled = await enable(directory, await controllersOf(directory));
  return Object.fromEntries(enabled.map((controller) => [controller, directory]));
}

/** Lets groups below a directory use these controllers. Answers which of ours it worked for. */
async function enable(directory: string, available: string[]): Promise<Controller[]> {
  const file = join(directory, 'cgroup.subtree_control');
  const enabled: Controller[] = [];
  for (const controller of CONTROLLERS.filter((name) => available.includes(name))) {
    // One at a time: the kernel takes all of a line or nothing.
    const written = await writeFile(file, `+${controller}`).then(
      () => true,
      () => false,
    );
    if (written) enabled.push(controller);
  }
  return enabled;
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
