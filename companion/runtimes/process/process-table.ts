import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { promisify } from 'node:util';

/** One process of this machine. */
export interface ProcessRow {
  pid: number;
  parent: number;
  /** Its process group. */
  group: number;
  memoryBytes: number;
  /** Processor time of itself and of the children it has waited for. */
  cpuMs: number;
  threads: number;
}

export type ProcessTable = ReadonlyMap<number, ProcessRow>;

/** Who asks this soon after another gets the same answer. */
const FRESH_MS = 200;
/** Processes read before other work gets its turn: below a millisecond. */
const ROWS_PER_TURN = 64;
const PS_DEADLINE_MS = 5_000;
/** Entry types of getauxval(3). */
const AT_PAGESZ = 6;
const AT_CLKTCK = 17;

interface Units {
  tickMs: number;
  pageBytes: number;
}

let units: Units | null = null;
let latest: { at: number; table: Promise<ProcessTable> } | null = null;

/**
 * All processes this user may see; empty where the platform does not tell (Windows). Some 5 ms for 300 of them, so the
 * answer of a moment ago is good enough unless wanted afresh.
 */
export function listProcesses(afresh = false): Promise<ProcessTable> {
  if (afresh || !latest || performance.now() - latest.at > FRESH_MS) {
    const table = process.platform === 'linux' ? readProc() : runPs();
    latest = { at: performance.now(), table: table.catch(() => new Map()) };
  }
  return latest.table;
}

/** A process and all that descend from it. What a dead parent left behind counts while its group's leader is inside. */
export function descendants(table: ProcessTable, root: number): ProcessRow[] {
  const inside = new Set([root]);
  // A child may come before its parent in the table, as process ids wrap around.
  for (let before = 0; before !== inside.size; ) {
    before = inside.size;
    for (const { pid, parent, group } of table.values()) {
      if (inside.has(parent) || (group !== root && inside.has(group))) inside.add(pid);
    }
  }
  return [...inside].flatMap((pid) => table.get(pid) ?? []);
}

async function readProc(): Promise<ProcessTable> {
  units ??= readUnits();
  const table = new Map<number, ProcessRow>();
  let read = 0;
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    read += 1;
    if (read % ROWS_PER_TURN === 0) await turn();
    try {
      const row = parseStat(Number(name), readFileSync(`/proc/${name}/stat`, 'latin1'), units);
      if (row) table.set(row.pid, row);
    } catch {
      // Over meanwhile.
    }
  }
  return table;
}

/** proc_pid_stat(5). The second field is the name in brackets and may hold anything, brackets and spaces included. */
function parseStat(pid: number, stat: string, { tickMs, pageBytes }: Units): ProcessRow | null {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const field = (number: number) => Number(fields[number - 3] ?? 0);
  if (fields[0] === 'Z' || fields[0] === 'X') return null;
  return {
    pid,
    parent: field(4),
    group: field(5),
    cpuMs: (field(14) + field(15) + field(16) + field(17)) * tickMs,
    threads: field(20),
    memoryBytes: field(24) * pageBytes,
  };
}

/** What the kernel told this process about itself: pairs of words. */
function readUnits(): Units {
  const vector = readFileSync('/proc/self/auxv');
  const found = new Map<number, number>();
  for (let at = 0; at + 16 <= vector.length; at += 16) {
    found.set(Number(vector.readBigUInt64LE(at)), Number(vector.readBigUInt64LE(at + 8)));
  }
  return { tickMs: 1_000 / (found.get(AT_CLKTCK) ?? 100), pageBytes: found.get(AT_PAGESZ) ?? 4_096 };
}

async function runPs(): Promise<ProcessTable> {
  if (process.platform === 'win32') return new Map();
  const { stdout } = await promisify(execFile)('ps', ['-axo', 'pid=,ppid=,pgid=,rss=,time='], {
    timeout: PS_DEADLINE_MS,
    maxBuffer: 16e6,
  });
  return parsePs(stdout);
}

/** Lines of `ps -axo pid=,ppid=,pgid=,rss=,time=`: kB, and [dd-][hh:]mm:ss[.cc]. */
export function parsePs(text: string): ProcessTable {
  const table = new Map<number, ProcessRow>();
  for (const line of text.split('\n')) {
    const [pid, parent, group, kilobytes, time] = line.trim().split(/\s+/);
    if (!time) continue;
    const [days, clock] = time.includes('-') ? time.split('-') : ['0', time];
    const seconds = (clock ?? '').split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
    table.set(Number(pid), {
      pid: Number(pid),
      parent: Number(parent),
      group: Number(group),
      memoryBytes: Number(kilobytes) * 1024,
      cpuMs: (Number(days) * 86_400 + seconds) * 1_000,
      threads: 1,
    });
  }
  return table;
}

/** Children of a process with one thread, or found in the list of all where the kernel does not tell them. */
export async function childrenOf(pid: number): Promise<number[]> {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1');
    return text.split(' ').filter(Boolean).map(Number);
  } catch {
    const table = await readProc(); // not the kept one: a child may have come since
    return [...table.values()].filter(({ parent }) => parent === pid).map((row) => row.pid);
  }
}
