import { type ChildProcess, spawn } from 'node:child_process';
import { access } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { json } from 'node:stream/consumers';
import { z } from 'zod';
import type { ResourceLimits } from '#shared/config/environment-config.ts';
import type { Group } from './cgroup/group.ts';
import { childrenOf } from './process-table.ts';

/** The unit of RLIMIT_FSIZE in sh(1). */
const BLOCK_BYTES = 512;
/** Threads of the supervisor and processes of the sandbox itself, which RLIMIT_NPROC counts as well. */
const OWN_PROCESSES = 24;

/** No core dumps, no single file above the disk limit; then becomes the command behind it. */
const LIMIT_FILES = 'ulimit -c 0; ulimit -f "$1" 2>/dev/null; shift; exec "$@"';
/** -u is bash's and ksh's name for it, -p that of dash and busybox. */
const LIMIT_PROCESSES = 'ulimit -u "$1" 2>/dev/null || ulimit -p "$1"; shift; exec "$@"';

/** A command that limits the files of everything it starts. */
export function limitingFiles(argv: string[], { disk_mb }: Pick<ResourceLimits, 'disk_mb'>): string[] {
  if (process.platform === 'win32') return argv;
  const blocks = (disk_mb * 1024 * 1024) / BLOCK_BYTES;
  return ['/bin/sh', '-c', LIMIT_FILES, 'sh', String(blocks), ...argv];
}

/** A command that limits the processes of its user namespace. */
export function limitingProcesses(argv: string[], { pids }: Pick<ResourceLimits, 'pids'>): string[] {
  return ['/bin/sh', '-c', LIMIT_PROCESSES, 'sh', String(pids + OWN_PROCESSES), ...argv];
}

/** File descriptor on which bubblewrap tells the id of the sandbox's first process. */
export const INFO_FD = 3;
const infoSchema = z.object({ 'child-pid': z.int().min(2) });

/** Starts a pod's first process. */
export function launch(argv: string[], env: Record<string, string | undefined>): ChildProcess {
  const [file = '', ...rest] = argv;
  return spawn(file, rest, {
    env,
    cwd: '/',
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    // Its own process group: a Ctrl+C in the companion's terminal is the companion's to answer.
    detached: true,
  });
}

/** The sandbox's first process, as bubblewrap tells it; null when there will be none. */
export async function sandboxProcess(child: ChildProcess): Promise<number | null> {
  const info = child.stdio[INFO_FD] as Readable; // a pipe, by launch()
  const parsed = infoSchema.safeParse(await json(info).catch(() => null));
  return parsed.success ? parsed.data['child-pid'] : null;
}

/**
 * Puts a process and what it has started meanwhile into a group. The kernel may take 15 ms for the first: time that
 * the supervisor needs to start anyway, so it is not done before. Children it makes later are inside from the start.
 */
export async function joinGroup(group: Group, pid: number): Promise<void> {
  await group.join(pid);
  for (const child of await childrenOf(pid)) await join(group, child);
}

async function join(group: Group, pid: number): Promise<void> {
  try {
    await joinGroup(group, pid);
  } catch (error) {
    const isOver = await access(`/proc/${pid}`).then(
      () => false,
      () => true,
    );
    if (!isOver) throw error;
  }
}
