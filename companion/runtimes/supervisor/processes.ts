import { readdirSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { SERVICE_MARK } from './protocol.ts';

/** A killed process closes its files and ports when it gets its next turn on a processor. */
const END_POLL_MS = 2;
const END_DEADLINE_MS = 2_000;
/** Rounds in which processes that were forked meanwhile are found. */
const MAX_ROUNDS = 10;

/** All processes of the pod's own process namespace but its init and this one. */
export function namespaceProcesses(): number[] {
  return processIds().filter((pid) => pid !== 1 && pid !== process.pid);
}

/** Processes that carry a service's mark in their environment, also those that left its process group. */
export function markedProcesses(mark: string): number[] {
  const assignment = `${SERVICE_MARK}=${mark}`;
  return processIds().filter((pid) => {
    if (pid === process.pid) return false;
    try {
      return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(assignment);
    } catch {
      return false; // another user's, or gone
    }
  });
}

/** Freezes processes, and those they fork while that goes on. */
export function freeze(list: () => number[]): void {
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const moving = list().filter((pid) => !isStopped(statOf(pid)));
    if (moving.length === 0) return;
    for (const pid of moving) signal(pid, 'SIGSTOP');
  }
}

/** Ends processes, and those they fork while that goes on. Returns all it found running. */
export function kill(list: () => number[]): Set<number> {
  const found = new Set<number>();
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const running = list().filter(isRunning);
    if (running.length === 0) break;
    for (const pid of running) {
      signal(pid, 'SIGKILL');
      found.add(pid);
    }
  }
  return found;
}

/**
 * Resolves when none of these processes runs any more, or when one that cannot die has been waited for long enough.
 * Takes ids, not a search by mark: a dying process loses its environment before it closes its files and ports.
 */
export async function untilEnded(pids: ReadonlySet<number>): Promise<void> {
  const end = performance.now() + END_DEADLINE_MS;
  while ([...pids].some(isRunning) && performance.now() < end) await delay(END_POLL_MS);
}

/** Signals a process, or with a negative id its group. False when there is none (any more). */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

function processIds(): number[] {
  try {
    return readdirSync('/proc')
      .map(Number)
      .filter((pid) => Number.isInteger(pid) && pid > 0);
  } catch {
    return []; // no /proc on this platform: process groups must do
  }
}

/**
 * Whether any thread of the process is left, see proc_pid_stat(5). The first one of a killed process is a zombie while
 * others still hold its files and ports.
 */
const isRunning = (pid: number): boolean => {
  const fields = statOf(pid);
  return !isOver(fields) || Number(fields[17]) > 1;
};

const isStopped = (fields: readonly string[]): boolean => isOver(fields) || fields[0]?.toUpperCase() === 'T';

const isOver = ([state = 'X']: readonly string[]): boolean => state === 'Z' || state === 'X';

/** What proc_pid_stat(5) tells from the third field on, the state; nothing when the process is gone. */
function statOf(pid: number): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}
