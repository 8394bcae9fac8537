import { readdir, readFile, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Hierarchies } from './hierarchies.ts';

const REMOVE_ATTEMPTS = 40;
const REMOVE_PAUSE_MS = 25;
const ABANDONED_AFTER_MS = 60_000;

/**
 * Removes groups that an earlier companion with the same name prefix left, and what still runs in them. Groups of
 * other companions go only if they are empty and old: those were killed, and their state directories perhaps removed.
 */
export async function sweepGroups({ parents }: Hierarchies, prefix: string): Promise<void> {
  for (const parent of new Set(Object.values(parents))) {
    const names = await readdir(parent, { withFileTypes: true }).catch(() => []);
    const directories = names.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
    await Promise.all(
      directories.map((name) =>
        name.startsWith(prefix) ? removeGroup(join(parent, name)) : removeIfAbandoned(join(parent, name)),
      ),
    );
  }
}

async function removeIfAbandoned(directory: string): Promise<void> {
  const { mtimeMs } = await stat(directory).catch(() => ({ mtimeMs: Date.now() }));
  // Refused by the kernel while a process is inside; a pod's first process joins right after its group was made.
  if (Date.now() - mtimeMs > ABANDONED_AFTER_MS) await rmdir(directory).catch(() => {});
}

/** A group can be removed once the kernel is through with its processes, a moment after they were ended. */
export async function removeGroup(directory: string): Promise<void> {
  for (let attempt = 0; attempt < REMOVE_ATTEMPTS; attempt += 1) {
    try {
      await rmdir(directory);
      return;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
    }
    const pids = await readFile(join(directory, 'cgroup.procs'), 'utf8').catch(() => '');
    for (const pid of pids.split('\n').map(Number)) {
      // Whatever is in a group of ours was put there by us: no other process can be hit.
      if (pid > 1) tryKill(pid);
    }
    await delay(REMOVE_PAUSE_MS);
  }
}

function tryKill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}
