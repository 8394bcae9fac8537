import { DiskWatch } from '../disk/watch.ts';
import type { PodSpec } from '../runtime.ts';
import { type ContainerGroup, findContainerGroup } from './container-group.ts';
import type { Engine } from './engine.ts';

const MIB = 1024 * 1024;
/** Between two looks at a busy pod. */
const ROUND_MS = 1_000;
/** A pod that used less processor time since the last look is idle, and looked at ever more rarely. */
const IDLE_CPU_MS = 5;
const MAX_ROUNDS_BETWEEN = 16;

export interface WatchedService {
  name: string;
  containerId: string;
  /** Ends it, and has it say that it was for want of disk. */
  endForDisk(): void;
}

/**
 * Looks after what the engine does not limit or does not tell of one pod: the disk, and processes that were refused.
 * For engines on this machine only.
 */
export class LimitWatch {
  readonly #engine: Engine;
  readonly #spec: PodSpec;
  readonly #disk: DiskWatch;
  readonly #services = new Map<WatchedService, Promise<ContainerGroup | null>>();
  readonly #refused = new Map<WatchedService, number>();
  /** Of services that ended: their last counts. */
  #writtenBefore = 0;
  readonly #written = new Map<WatchedService, number>();
  #cpuMs = 0;
  #paused = false;
  #pause = 1;
  #wait = 0;

  constructor(engine: Engine, spec: PodSpec) {
    this.#engine = engine;
    this.#spec = spec;
    this.#disk = new DiskWatch({
      directories: [spec.dataDirectory, spec.worktree],
      limitBytes: spec.limits.disk_mb * MIB,
      writtenBytes: () => this.#countWritten(),
    });
    watched.add(this);
    scheduleRound();
  }

  /** As last measured; undefined while there was no reason to. */
  get diskBytes(): number | undefined {
    return this.#disk.measuredBytes ?? undefined;
  }

  add(service: WatchedService): void {
    this.#services.set(service, findContainerGroup(this.#engine, service.containerId));
    this.#wait = 0;
    this.#pause = 1;
  }

  delete(service: WatchedService): void {
    this.#services.delete(service);
    this.#refused.delete(service);
    this.#writtenBefore += this.#written.get(service) ?? 0;
    this.#written.delete(service);
  }

  /** A suspended pod does nothing that could exceed a limit. */
  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#pause = 1;
    this.#wait = 0;
  }

  close(): void {
    watched.delete(this);
  }

  /** One look, unless it is not yet time for one. */
  async look(): Promise<void> {
    if (this.#paused || this.#services.size === 0) return;
    this.#wait -= 1;
    if (this.#wait > 0) return;
    const cpuMs = await this.#lookAtGroups();
    const isIdle = Math.abs(cpuMs - this.#cpuMs) < IDLE_CPU_MS;
    this.#cpuMs = cpuMs;
    this.#pause = isIdle ? Math.min(MAX_ROUNDS_BETWEEN, this.#pause * 2) : 1;
    this.#wait = this.#pause;
    if (await this.#disk.isExceeded()) this.#endForDisk();
  }

  async #lookAtGroups(): Promise<number> {
    let total = 0;
    for (const [service, group] of [...this.#services]) {
      const usage = await (await group)?.usage();
      if (!usage) continue;
      total += usage.cpuMs ?? 0;
      if (usage.refusedForks > (this.#refused.get(service) ?? 0)) {
        this.#refused.set(service, usage.refusedForks);
        this.#spec.onLimit?.({ limit: 'processes', ended: false });
      }
    }
    return total;
  }

  async #countWritten(): Promise<number | null> {
    for (const [service, group] of [...this.#services]) {
      const bytes = await (await group)?.writtenBytes();
      if (typeof bytes !== 'number') return null;
      this.#written.set(service, Math.max(bytes, this.#written.get(service) ?? 0));
    }
    return [...this.#written.values()].reduce((sum, bytes) => sum + bytes, this.#writtenBefore);
  }

  #endForDisk(): void {
    for (const service of this.#services.keys()) service.endForDisk();
  }
}

/** One timer for all pods; none without pods. */
const watched = new Set<LimitWatch>();
let isScheduled = false;

function scheduleRound(): void {
  if (isScheduled) return;
  isScheduled = true;
  setTimeout(async () => {
    // What one pod's files do not tell is no reason to stop looking at the others.
    for (const watch of [...watched]) await watch.look().catch(() => {});
    isScheduled = false;
    if (watched.size > 0) scheduleRound();
  }, ROUND_MS).unref();
}
