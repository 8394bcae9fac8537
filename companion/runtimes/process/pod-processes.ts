import { readFile } from 'node:fs/promises';
import type { PodUsage } from '../runtime.ts';
import type { ServiceProcess } from '../supervisor/service-table.ts';
import type { Group } from './cgroup/group.ts';
import { descendants, listProcesses, type ProcessRow } from './process-table.ts';

/** The processes of one pod, as seen from outside. */
export class PodProcesses {
  readonly #root: number;
  readonly #group: Group | null;

  constructor(root: number, group: Group | null) {
    this.#root = root;
    this.#group = group;
  }

  async rows(): Promise<ProcessRow[]> {
    const known = descendants(await listProcesses(), this.#root);
    // Younger than the list.
    return known.length > 0 ? known : descendants(await listProcesses(true), this.#root);
  }

  /** Null where the platform does not tell. */
  async usage(): Promise<PodUsage | null> {
    const grouped = await this.#group?.usage().catch(() => null);
    if (grouped && grouped.memoryBytes !== null && grouped.cpuMs !== null && grouped.processes !== null) {
      const { memoryBytes, cpuMs, processes } = grouped;
      return { memoryBytes, cpuMs, processes };
    }
    const rows = await this.rows();
    if (rows.length === 0) return null;
    const sum = (of: (row: ProcessRow) => number) => rows.reduce((total, row) => total + of(row), 0);
    return {
      memoryBytes: grouped?.memoryBytes ?? (await memoryOf(rows)),
      cpuMs: grouped?.cpuMs ?? sum(({ cpuMs }) => cpuMs),
      processes: grouped?.processes ?? rows.length,
    };
  }

  /** Bytes its processes wrote to files so far, what ended and was waited for included. Null where not told. */
  async writtenBytes(): Promise<number | null> {
    if (process.platform !== 'linux') return null;
    const counts = await Promise.all((await this.rows()).map(({ pid }) => readWritten(pid)));
    const known = counts.filter((count) => count !== null);
    return known.length === 0 ? null : known.reduce((sum, count) => sum + count, 0);
  }

  /** The service that holds most memory, or null when none of these processes is a service's. */
  async largest(services: readonly ServiceProcess[]): Promise<ServiceProcess | null> {
    const rows = await this.rows();
    const inside = new Map(
      await Promise.all(rows.map(async ({ pid }) => [await innerPid(pid), pid] as const)),
    );
    const owners = new Map(services.map((service) => [inside.get(service.pid) ?? service.pid, service]));
    const byPid = new Map(rows.map((row) => [row.pid, row]));
    const held = new Map<ServiceProcess, number>();
    for (const row of rows) {
      const owner = ownerOf(row, byPid, owners);
      if (owner) held.set(owner, (held.get(owner) ?? 0) + row.memoryBytes);
    }
    return [...held].sort(([, a], [, b]) => b - a)[0]?.[0] ?? null;
  }
}

/** Memory of processes, what they share counted once where the kernel tells (PSS), else as each has it. */
export async function memoryOf(rows: readonly ProcessRow[]): Promise<number> {
  const each = await Promise.all(
    rows.map(async ({ pid, memoryBytes }) => (await readKilobytes(pid)) ?? memoryBytes),
  );
  return each.reduce((sum, bytes) => sum + bytes, 0);
}

async function readKilobytes(pid: number): Promise<number | null> {
  if (process.platform !== 'linux') return null;
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'latin1').catch(() => '');
  const kilobytes = /^Pss:\s+(\d+) kB$/m.exec(text)?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) * 1024;
}

/** write_bytes of proc_pid_io(5): what it made dirty in the page cache, also of the children it waited for. */
async function readWritten(pid: number): Promise<number | null> {
  const text = await readFile(`/proc/${pid}/io`, 'latin1').catch(() => '');
  const bytes = /^write_bytes: (\d+)$/m.exec(text)?.[1];
  return bytes === undefined ? null : Number(bytes);
}

/** A process's id in its own namespace: the last of NSpid in proc_pid_status(5). */
async function innerPid(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/status`, 'latin1').catch(() => '');
  return Number(/^NSpid:.*?(\d+)$/m.exec(text)?.[1] ?? pid);
}

function ownerOf(
  row: ProcessRow,
  rows: ReadonlyMap<number, ProcessRow>,
  owners: ReadonlyMap<number, ServiceProcess>,
): ServiceProcess | null {
  for (let at: ProcessRow | undefined = row; at; at = rows.get(at.parent)) {
    const owner = owners.get(at.pid) ?? owners.get(at.group);
    if (owner) return owner;
  }
  return null;
}
