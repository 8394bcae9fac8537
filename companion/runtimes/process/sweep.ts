import { rm, rmdir } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { identify, isAlive, type ProcessIdentity, startedTogether } from './identity.ts';
import type { PodRecord } from './pod-registry.ts';
import { listProcesses, type ProcessTable } from './process-table.ts';

/** How long processes that were ended may take to be gone. */
const DEADLINE_MS = 3_000;

/** Ends what recorded pods left: only processes that are provably theirs, only directories of our own making. */
export async function endRecorded(records: PodRecord[]): Promise<void> {
  const victims: ProcessIdentity[] = [];
  const table: ProcessTable = records.length > 0 ? await listProcesses(true) : new Map();
  for (const { supervisor, services } of records) {
    for (const process of [supervisor, ...services]) {
      if (!(await isAlive(process))) continue;
      victims.push(process);
      endGroup(process.pid);
    }
    for (const orphan of await orphansOf(supervisor, table)) {
      victims.push(orphan);
      endProcess(orphan.pid);
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

/**
 * What bubblewrap had started when it was killed while it made a sandbox: in its process group, whose number nobody
 * else is given as long as it has members, and no younger than the making of a sandbox takes.
 */
async function orphansOf(leader: ProcessIdentity, table: ProcessTable): Promise<ProcessIdentity[]> {
  if (process.platform !== 'linux') return [];
  const orphans: ProcessIdentity[] = [];
  for (const { pid, group } of table.values()) {
    if (group !== leader.pid || pid === group) continue;
    const orphan = await identify(pid);
    if (orphan && startedTogether(leader, orphan)) orphans.push(orphan);
  }
  return orphans;
}

/** Ends a process and its group, which it leads. */
function endGroup(pid: number): void {
  endProcess(-pid);
  endProcess(pid);
}

function endProcess(target: number): void {
  try {
    process.kill(target, 'SIGKILL');
  } catch {
    // Gone already.
  }
}

/** Only directories that makeSocketPlace makes, whatever a damaged file names. */
async function removeOwnTemporary(directory: string): Promise<void> {
  if (/\/vitrine-socket-[A-Za-z0-9]{6}$/.test(directory))
    await rm(directory, { recursive: true, force: true });
}
