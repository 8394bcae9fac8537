import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import Docker from 'dockerode';

const DOCKER_DEADLINE_MS = 20_000;
/** What no path of a state directory has in it. */
const END_OF_PATH = /[\s\0:,;"']/;

export interface RunningProcess {
  pid: number;
  /** Its beginning. */
  command: string;
  /** What it names below the path that was asked for, in its command line or environment. */
  names: string[];
}

/**
 * Every process whose command line or environment names something below `path`: what was started for a state
 * directory does. A browser that was only told where that directory is does not count.
 */
export async function processesNaming(path: string): Promise<RunningProcess[]> {
  const found: RunningProcess[] = [];
  for (const entry of await readdir('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    const [command, environment] = await Promise.all([readProc(pid, 'cmdline'), readProc(pid, 'environ')]);
    const [, ...after] = `${command}\0${environment}`.split(`${path}/`);
    const names = after.map((text) => text.split(END_OF_PATH, 1)[0] ?? '');
    if (names.length > 0)
      found.push({ pid, command: command.replaceAll('\0', ' ').trim().slice(0, 300), names });
  }
  // A process that ended but was not yet waited for has no command line.
  return found.filter(({ command }) => command !== '');
}

/** Whether the process runs; one that ended and was not yet waited for does not. */
export async function isRunning(pid: number): Promise<boolean> {
  const stat = await readProc(pid, 'stat');
  // The command's name in parentheses may itself hold any character.
  return stat !== '' && stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) !== 'Z';
}

/** Mount points below `path` in this process's own namespace. */
export async function mountsBelow(path: string): Promise<string[]> {
  const mounts = await readFile('/proc/self/mounts', 'utf8');
  return mounts
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((point) => point.startsWith(`${path}/`));
}

/** Ids of all containers of the daemon, running or not, whose labels or mounts name `path`. */
export async function containersNaming(path: string, socketPath: string): Promise<string[]> {
  const docker = new Docker({ socketPath, timeout: DOCKER_DEADLINE_MS });
  const naming: string[] = [];
  for (const { Id } of await docker.listContainers({ all: true })) {
    // A container may go between the two calls.
    const inspected = await docker
      .getContainer(Id)
      .inspect()
      .catch(() => undefined);
    if (inspected && JSON.stringify(inspected).includes(path)) naming.push(Id);
  }
  return naming;
}

/** Unix sockets below `path`, by their paths on disk. */
export async function socketsBelow(path: string): Promise<string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isSocket()).map(({ parentPath, name }) => join(parentPath, name));
}

/** Files below `path` that a loop device shows, those included that were deleted since. */
export async function loopFilesBelow(path: string): Promise<string[]> {
  const devices = (await readdir('/sys/block').catch(() => [])).filter((name) => name.startsWith('loop'));
  const files = await Promise.all(
    devices.map((name) => readFile(`/sys/block/${name}/loop/backing_file`, 'utf8').catch(() => '')),
  );
  return files.map((file) => file.trim()).filter((file) => file.startsWith(`${path}/`));
}

/** Names of control groups, in whatever hierarchy, that begin with `prefix`: each once. */
export async function controlGroups(prefix: string): Promise<string[]> {
  const entries = await readdir('/sys/fs/cgroup', { recursive: true, withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isDirectory() && entry.name.startsWith(prefix));
  return [...new Set(names.map(({ name }) => name))];
}

async function readProc(pid: number, file: string): Promise<string> {
  // Processes end while they are looked at, and some are not ours to read.
  return readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
}
