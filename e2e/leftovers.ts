import { readdir, readFile } from 'node:fs/promises';
import Docker from 'dockerode';

const DOCKER_DEADLINE_MS = 20_000;

export interface RunningProcess {
  pid: number;
  command: string;
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
    if (command.includes(`${path}/`) || environment.includes(`${path}/`)) {
      found.push({ pid, command: command.replaceAll('\0', ' ').trim().slice(0, 300) });
    }
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

async function readProc(pid: number, file: string): Promise<string> {
  // Processes end while they are looked at, and some are not ours to read.
  return readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
}
