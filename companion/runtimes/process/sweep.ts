import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive, type ProcessIdentity } from './identity.ts';
import type { PodRecord } from './pod-registry.ts';

/** How long processes that were ended may take to be gone. */
const DEADLINE_MS = 3_000;

/** Ends what recorded pods left: only processes that are provably theirs, only directories of our own making. */
export async function endRecorded(records: PodRecord[]): Promise<void> {
  const victims: ProcessIdentity[] = [];
  for (const { supervisor, services, directories } of records) {
    for (const process of [supervisor, ...services]) {
      if (!(await isAlive(process))) continue;
      victims.push(process);
      endGroup(process.pid);
    }
    for (const directory of directories) await removeOwnTemporary(directory);
  }
  const deadline = performance.now() + DEADLINE_MS;
  for (const victim of victims) {
    while ((await isAlive(victim)) && performance.now() < deadline) await delay(20);
  }
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
