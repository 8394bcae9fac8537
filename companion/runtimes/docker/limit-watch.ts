import { DiskWatch } from '../disk/watch.ts';
import { writtenDirectories } from '../disk/written-directories.ts';
import type { PodSpec } from '../runtime.ts';
import type { ContainerGroup } from './container-group.ts';

const MIB = 1024 * 1024;
/** Between two looks at a busy pod. */
const ROUND_MS = 1_000;
/** A pod that used less processor time since the last look is idle, and looked at ever more rarely. */
const IDLE_CPU_MS = 5;
const MAX_ROUNDS_BETWEEN = 16;

/** A container of the pod in which services run. */
export interface WatchedContainer {
  /** What the kernel counts of it; null where that cannot be seen. */
  group: Promise<ContainerGroup | null>;
  /** Looks at what was ended in it for want of memory. */
  look?(): Promise<void>;
  /** Ends its services, and has them say that it was for want of disk. */
  endForDisk(): void;
}

/**
 * Looks after what the engine does not limit or does not tell of one pod: the disk, and processes that were refused.
 * For engines on this machine only.
 */
export class LimitWatch {
  readonly #spec: PodSpec;
  readonly #disk: DiskWatch;
  readonly #containers = new Set<WatchedContainer>();
  readonly #refused = new Map<WatchedContainer, number>();
  /** Of containers that ended: their last counts. */
  #writtenBefore = 0;
  readonly #written = new Map<WatchedContainer, number>();
  #cpuMs = 0;
  #paused = false;
  #pause = 1;
  #wait = 0;

  /** `more`: directories that services can write to, beside those of the specification. */
  constructor(spec: PodSpec, more: string[] = []) {
    this.#spec = spec;
    this.#disk = new DiskWatch({
      directories: [...writtenDirectories(spec), ...more],
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

  add(container: WatchedContainer): void {
    this.#containers.add(container);
    this.#wait = 0;
    this.#pause = 1;
  }

  delete(container: WatchedContainer): void {
    this.#containers.delete(container);
    this.#refused.delete(container);
    this.#writtenBefore += this.#written.get(container) ?? 0;
    this.#written.delete(container);
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
    if (this.#paused || this.#containers.size === 0) return;
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
    for (const container of [...this.#containers]) {
      await container.look?.();
      const counts = (await container.group)?.counts();
      if (!counts) continue;
      total += counts.cpuMs ?? 0;
      if (counts.refusedForks > (this.#refused.get(container) ?? 0)) {
        this.#refused.set(container, counts.refusedForks);
        this.#spec.onLimit?.({ limit: 'processes', ended: false });
      }
    }
    return total;
  }

  async #countWritten(): Promise<number | null> {
    for (const container of [...this.#containers]) {
      const bytes = await (await container.group)?.writtenBytes();
      if (typeof bytes !== 'number') return null;
      this.#written.set(container, Math.max(bytes, this.#written.get(container) ?? 0));
    }
    return [...this.#written.values()].reduce((sum, bytes) => sum + bytes, this.#writtenBefore);
  }

  #endForDisk(): void {
    for (const container of this.#containers) container.endForDisk();
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
