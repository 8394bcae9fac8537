import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A process beyond doubt: its id alone may meanwhile be another's. */
export interface ProcessIdentity {
  pid: number;
  /** When it started, in whatever unit the platform has; unique together with the pid. Not known on Windows. */
  startedAt: string;
}

/** Identity of a running process, or null when there is none with this id. */
export async function identify(pid: number): Promise<ProcessIdentity | null> {
  try {
    if (process.platform === 'win32') return process.kill(pid, 0) ? { pid, startedAt: 'unknown' } : null;
    const startedAt = process.platform === 'linux' ? await linuxStart(pid) : await posixStart(pid);
    return startedAt === null ? null : { pid, startedAt };
  } catch {
    return null;
  }
}

/** Whether this very process still runs. */
export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  return (await identify(identity.pid))?.startedAt === identity.startedAt;
}

/** Ticks of the clock that proc_pid_stat(5) tells starts in; a hundred a second everywhere. */
const TOGETHER_TICKS = 3_000;

/** Whether a process of Linux started at most half a minute after another, of the same boot. */
export function startedTogether(first: ProcessIdentity, second: ProcessIdentity): boolean {
  const [[boot, start], [otherBoot, otherStart]] = [first.startedAt.split(':'), second.startedAt.split(':')];
  const ticks = Number(otherStart) - Number(start);
  return boot === otherBoot && ticks >= 0 && ticks <= TOGETHER_TICKS;
}

/** Field 22 of /proc/<pid>/stat, ticks since boot, with the boot's id: ticks repeat after a restart of the machine. */
async function linuxStart(pid: number): Promise<string | null> {
  const [stat, boot] = await Promise.all([
    readFile(`/proc/${pid}/stat`, 'latin1'),
    readFile('/proc/sys/kernel/random/boot_id', 'latin1'),
  ]);
  // The second field is the name in brackets and may hold anything, brackets and spaces included.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, threads, ticks] = [fields[0], Number(fields[17]), fields[19]];
  // The first thread of a killed process is a zombie while others still hold its files and ports.
  const isOver = state === 'Z' && threads <= 1;
  return isOver || ticks === undefined ? null : `${boot.trim()}:${ticks}`;
}

async function posixStart(pid: number): Promise<string | null> {
  const { stdout } = await run('ps', ['-o', 'lstart=', '-p', String(pid)], { timeout: 5_000 });
  return stdout.trim() || null;
}
