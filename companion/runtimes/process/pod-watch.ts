import type { DiskWatch } from '../disk/watch.ts';
import type { LimitEvent } from '../runtime.ts';
import type { ServiceProcess } from '../supervisor/service-table.ts';
import type { Group } from './cgroup/group.ts';
import type { MemoryEvents } from './cgroup/memory-events.ts';
import { memoryOf, type PodProcesses } from './pod-processes.ts';

/** Between two looks at a busy pod that only we keep from taking more: it can take much in a second. */
const ROUND_MS = 250;
/** The same where only the kernel's counts and the disk are looked at. */
const ROUNDS_BETWEEN = 4;
/** A pod that used less processor time since the last look is idle, and looked at ever more rarely. */
const IDLE_CPU_MS = 5;
const MAX_ROUNDS_BETWEEN = 32;

export interface PodWatchOptions {
  processes: PodProcesses;
  group: Group | null;
  memory: MemoryEvents;
  disk: DiskWatch | null;
  /** Where no control group limits memory. */
  memoryLimitBytes: number | null;
  /** Where nothing else limits processes. */
  processLimit: number | null;
  /** The services that run now. */
  services(): ServiceProcess[];
  /** Ends one of them, or without one all of them, and has that said in how it exited. */
  end(service: ServiceProcess | null, reason: 'memory' | 'disk' | 'processes'): void;
  /** Ends the whole pod: a service that was ended is still there. */
  endPod(): void;
  emit(event: LimitEvent): void;
}

/** Looks after the limits of one pod that the kernel does not, and at what the kernel did for the others. */
export class PodWatch {
  readonly #options: PodWatchOptions;
  #paused = false;
  #refusedForks = 0;
  #cpuMs = 0;
  #pause = 0;
  #wait = 0;
  #endedForMemory: number | null = null;
  #endedForProcesses = false;

  constructor(options: PodWatchOptions) {
    this.#options = options;
    watched.add(this);
    scheduleRound();
  }

  /** A suspended pod does nothing that could exceed a limit. */
  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#pause = 0;
    this.#wait = 0;
  }

  close(): void {
    watched.delete(this);
  }

  /** One look, unless it is not yet time for one. */
  async look(): Promise<void> {
    if (this.#paused) return;
    this.#wait -= 1;
    if (this.#wait > 0) return;
    const cpuMs = await this.#cpu();
    const isIdle = cpuMs - this.#cpuMs < IDLE_CPU_MS;
    this.#cpuMs = cpuMs;
    const { memory, memoryLimitBytes, processLimit, emit, disk, end } = this.#options;
    const busy = memoryLimitBytes === null && processLimit === null ? ROUNDS_BETWEEN : 1;
    this.#pause = isIdle ? Math.min(MAX_ROUNDS_BETWEEN, Math.max(busy, this.#pause * 2)) : busy;
    this.#wait = this.#pause;
    if (memory.hasUnclaimed()) emit({ limit: 'memory', ended: true });
    await this.#lookAtProcesses();
    await this.#lookAtMemory();
    if (await disk?.hasFilled()) emit({ limit: 'disk', ended: false });
    if (await disk?.isExceeded()) end(null, 'disk');
  }

  async #cpu(): Promise<number> {
    const grouped = this.#options.group?.counts().cpuMs;
    if (typeof grouped === 'number') return grouped;
    return (await this.#options.processes.rows()).reduce((sum, row) => sum + row.cpuMs, 0);
  }

  async #lookAtProcesses(): Promise<void> {
    const { refusedForks = 0 } = this.#options.group?.counts() ?? {};
    if (refusedForks > this.#refusedForks) this.#options.emit({ limit: 'processes', ended: false });
    this.#refusedForks = Math.max(this.#refusedForks, refusedForks);
    const { processes, processLimit, end, endPod, emit } = this.#options;
    if (processLimit === null) return;
    if ((await processes.rows()).length <= processLimit) {
      this.#endedForProcesses = false;
      return;
    }
    this.#wait = 1;
    if (this.#endedForProcesses) return endPod(); // what forks is no service's any more
    this.#endedForProcesses = true;
    emit({ limit: 'processes', ended: true });
    end(null, 'processes');
  }

  async #lookAtMemory(): Promise<void> {
    const { processes, memoryLimitBytes, services, end, endPod } = this.#options;
    if (memoryLimitBytes === null) return;
    const rows = await processes.rows();
    const resident = rows.reduce((sum, row) => sum + row.memoryBytes, 0);
    // What processes share is counted in each of them: only a sum above the limit is worth the exact one.
    if (resident <= memoryLimitBytes || (await memoryOf(rows)) <= memoryLimitBytes) {
      this.#endedForMemory = null;
      return;
    }
    this.#wait = 1;
    const largest = await processes.largest(services());
    // It does not go: its supervisor is stopped, or what holds the memory is no service's any more.
    if (!largest || largest.id === this.#endedForMemory) return endPod();
    this.#endedForMemory = largest.id;
    end(largest, 'memory');
  }
}

/** One timer for all pods, so that one list of processes serves them all; none without pods. */
const watched = new Set<PodWatch>();
let isScheduled = false;

function scheduleRound(): void {
  if (isScheduled) return;
  isScheduled = true;
  setTimeout(async () => {
    // What one pod's files do not tell is no reason to stop looking at the others.
    for (const watch of watched) await watch.look().catch(() => {});
    isScheduled = false;
    if (watched.size > 0) scheduleRound();
  }, ROUND_MS).unref();
}
