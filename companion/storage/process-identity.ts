import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const PS_DEADLINE_MS = 3_000;

/**
 * Something that tells this life of a pid from a later one: its start time. Linux: field 22 of /proc/<pid>/stat
 * (clock ticks since boot); elsewhere what `ps` says. Null when there is no such process.
 */
export async function processStartTime(pid: number): Promise<string | null> {
  if (process.platform === 'linux') {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
    // The second field is the command in parentheses and may itself hold spaces and parentheses.
    return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  }
  if (process.platform === 'win32') return isAlive(pid) ? 'unknown' : null;
  const { stdout } = await promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)], {
    timeout: PS_DEADLINE_MS,
  }).catch(() => ({ stdout: '' }));
  return stdout.trim() || null;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
