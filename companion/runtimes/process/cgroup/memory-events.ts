import type { Group } from './group.ts';

/** A process that the kernel ended and a service's end that it caused are seen at most this long apart. */
const SAME_EVENT_MS = 2_000;

/** Pairs what the kernel ended for want of memory with the services that ended of it. */
export class MemoryEvents {
  readonly #group: Pick<Group, 'counts'> | null;
  #seen = 0;
  #unclaimed = 0;
  #lastAt = Number.NEGATIVE_INFINITY;

  constructor(group: Pick<Group, 'counts'> | null) {
    this.#group = group;
  }

  /** For a service that was ended by SIGKILL: whether that was for want of memory. */
  claim(): boolean {
    this.#refresh();
    this.#unclaimed = 0;
    return performance.now() - this.#lastAt < SAME_EVENT_MS;
  }

  /** Whether something was ended that no service ended of: a child of one that goes on without it. */
  hasUnclaimed(): boolean {
    const before = this.#unclaimed;
    this.#refresh();
    if (before === 0) return false; // new ones may be claimed yet
    this.#unclaimed = 0;
    return true;
  }

  #refresh(): void {
    const { oomKills = 0 } = this.#group?.counts() ?? {};
    if (oomKills > this.#seen) this.#lastAt = performance.now();
    this.#unclaimed += Math.max(0, oomKills - this.#seen);
    this.#seen = Math.max(this.#seen, oomKills);
  }
}
