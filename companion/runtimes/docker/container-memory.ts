import { setTimeout as delay } from 'node:timers/promises';
import { MemoryEvents } from '../process/cgroup/memory-events.ts';
import type { MemoryClaims } from '../supervisor/service-table.ts';
import type { ContainerGroup } from './container-group.ts';

/** How long the engine's word may trail the end of a service, and how long it counts for one. */
const TRAIL_MS = 300;
const SAME_EVENT_MS = 2_000;

export interface ContainerMemoryOptions {
  /** What the kernel counts of the container; null where this machine does not see it. */
  group: Promise<ContainerGroup | null>;
  /** Something was ended that no service ended of: a child of one that goes on without it. */
  onUnclaimed(): void;
}

/**
 * Pairs what was ended in a container for want of memory with the services that ended of it: by the kernel's own
 * count where the container runs on this machine, else by the engine's events.
 */
export class ContainerMemory implements MemoryClaims {
  readonly #options: ContainerMemoryOptions;
  /** Null where this machine does not see the container. */
  readonly #counted: Promise<MemoryEvents | null>;
  #told = Promise.withResolvers<void>();
  #toldAt = Number.NEGATIVE_INFINITY;
  #claimedAt = Number.NEGATIVE_INFINITY;
  #waiting: NodeJS.Timeout | undefined;

  constructor(options: ContainerMemoryOptions) {
    this.#options = options;
    this.#counted = options.group.then((group) => group && new MemoryEvents(group));
  }

  /** The engine says that the limit ended a process. */
  noteEvent(): void {
    this.#toldAt = performance.now();
    this.#told.resolve();
    this.#told = Promise.withResolvers();
    void this.#options.group.then((group) => {
      if (group || this.#waiting) return;
      this.#waiting = setTimeout(() => {
        this.#waiting = undefined;
        if (performance.now() - this.#claimedAt > SAME_EVENT_MS) this.#options.onUnclaimed();
      }, SAME_EVENT_MS).unref();
    });
  }

  async claim(): Promise<boolean> {
    const counted = await this.#counted;
    if (counted) return counted.claim();
    const isRecent = () => performance.now() - this.#toldAt < SAME_EVENT_MS;
    if (!isRecent()) await Promise.race([this.#told.promise, delay(TRAIL_MS)]);
    if (isRecent()) this.#claimedAt = performance.now();
    return isRecent();
  }

  /** One look at the kernel's count. */
  async look(): Promise<void> {
    if ((await this.#counted)?.hasUnclaimed()) this.#options.onUnclaimed();
  }

  close(): void {
    clearTimeout(this.#waiting);
  }
}
