import { rm, rmdir } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive, type ProcessIdentity } from './identity.ts';
import type { PodRecord } from './pod-registry.ts';

/** How long processes that were ended may take to be gone. */
const DEADLINE_MS = 3_000;

/** Ends what recorded pods left: only processes that are provably theirs, only directories of our own making. */
export async function endRecorded(records: PodRecord[]): Promise<void> {
  const victims: ProcessIdentity[] = [];
  for (const { supervisor, services } of records) {
    for (const process of [supervisor, ...services]) {
      if (!(await isAlive(process))) continue;
      victims.push(process);
      endGroup(process.pid);
    }
  }
  const deadline = performance.now() + DEADLINE_MS;
  for (const victim of victims) {
    while ((await isAlive(victim)) && performance.now() < deadline) await delay(20);
  }
  for (const { runDirectory, directories } of records) {
    if (isAbsolute(runDirectory)) await removeSockets(runDirectory);
    for (const directory of directories) await removeOwnTemporary(directory);
  }
}

/** By name, whatever a damaged file says; the directory itself only when nothing else is in it. */
async function removeSockets(runDirectory: string): Promise<void> {
  for (const name of ['gateway.sock', 'outlets/egress.sock', 'outlets/database.sock', 'outlets/hosts']) {
    await rm(join(runDirectory, name), { force: true }).catch(() => {});
  }
  for (const name of ['outlets', 'inside', '.']) await rmdir(join(runDirectory, name)).catch(() => {});
}

/** Ends a process and its group, which it leads. */
function endGroup(pid: number): void {
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, 'SIGKILL');
    } catch {
      // Gone already.
    }
  }
}

/** Only directories that makeSocketPlace makes, whatever a damaged file names. */
async function removeOwnTemporary(directory: string): Promise<void> {
  if (/\/vitrine-socket-[A-Za-z0-9]{6}$/.test(directory))
    await rm(directory, { recursive: true, force: true });
}
