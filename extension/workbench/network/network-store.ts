import { batch, signal } from '@preact/signals';
import type { NetworkRequest } from '#shared/api/network.ts';
import { toVitrineError, type VitrineError } from '#shared/errors.ts';
import type { NetworkCalls } from '../../companion/calls/network-calls.ts';

/** Requests that are kept; older ones are dropped. The companion keeps fewer. */
export const MAX_REQUESTS = 2_000;
/** The screen hears of changes at most this often. */
const TELL_EVERY_MS = 80;

/** The requests of one environment: what the companion kept, and what its channel tells, in bursts. */
export class NetworkStore {
  /** In the order they began, as of the last telling: a new list each time. */
  readonly requests = signal<readonly NetworkRequest[]>([]);
  /** How many failed or were not let out. */
  readonly troubled = signal(0);
  readonly blocked = signal(0);
  /** Whether the companion's past was asked for and came. */
  readonly loaded = signal(false);
  readonly failure = signal<VitrineError | undefined>(undefined);
  readonly #id: string;
  readonly #calls: Pick<NetworkCalls, 'list' | 'clear'>;
  readonly #signal: AbortSignal;
  readonly #kept = new Map<number, NetworkRequest>();
  /** Requests before this id were cleared here. */
  #clearedBefore = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #loading: Promise<void> | undefined;

  constructor(id: string, calls: Pick<NetworkCalls, 'list' | 'clear'>, signal: AbortSignal) {
    this.#id = id;
    this.#calls = calls;
    this.#signal = signal;
    signal.addEventListener('abort', () => clearTimeout(this.#timer), { once: true });
  }

  /** Takes a request over; it replaces what was known of it, unless that was known to be over. */
  put(request: NetworkRequest): void {
    if (request.id < this.#clearedBefore || this.#signal.aborted) return;
    const known = this.#kept.get(request.id);
    if (known?.durationMs !== undefined && request.durationMs === undefined) return;
    this.#kept.set(request.id, request);
    this.#timer ??= setTimeout(() => this.#tell(), TELL_EVERY_MS);
  }

  /** Asks for what the companion kept, once; again after a failure. Never rejects: see `failure`. */
  load(): Promise<void> {
    this.#loading ??= this.#loadAll().finally(() => {
      if (this.failure.peek()) this.#loading = undefined;
    });
    return this.#loading;
  }

  /** Forgets everything here and at the companion. Never rejects. */
  async clear(): Promise<void> {
    this.#clearedBefore = Math.max(this.#clearedBefore, ...[...this.#kept.keys()].map((id) => id + 1));
    this.#kept.clear();
    this.#tell();
    try {
      await this.#calls.clear(this.#id, this.#signal);
    } catch (thrown) {
      if (!this.#signal.aborted) this.failure.value = toVitrineError(thrown);
    }
  }

  /** Requests below a number were cleared, by whomever. */
  forgetBefore(id: number): void {
    this.#clearedBefore = Math.max(this.#clearedBefore, id);
    for (const known of this.#kept.keys()) if (known < id) this.#kept.delete(known);
    this.#tell();
  }

  /** Messages were lost: what is kept may be outdated. */
  reset(): void {
    this.#kept.clear();
    this.#clearedBefore = 0;
    this.#tell();
    if (!this.#loading) return;
    this.#loading = undefined;
    void this.load();
  }

  async #loadAll(): Promise<void> {
    this.failure.value = undefined;
    try {
      let since = 0;
      for (let hasMore = true; hasMore && this.#kept.size < MAX_REQUESTS; ) {
        const page = await this.#calls.list(this.#id, { since }, this.#signal);
        for (const request of page.requests) this.put(request);
        // A cursor that does not rise would be asked for forever.
        hasMore = page.hasMore && page.cursor > since;
        since = page.cursor;
      }
      this.loaded.value = true;
    } catch (thrown) {
      if (!this.#signal.aborted) this.failure.value = toVitrineError(thrown);
    }
  }

  #tell(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const ordered = [...this.#kept.values()].toSorted((a, b) => a.id - b.id);
    for (const { id } of ordered.splice(0, ordered.length - MAX_REQUESTS)) this.#kept.delete(id);
    batch(() => {
      this.requests.value = ordered;
      this.blocked.value = ordered.filter(({ blocked }) => blocked).length;
      this.troubled.value = ordered.filter(isTroubled).length;
    });
  }
}

/** Failed, answered with an error, or not let out. */
export function isTroubled({ status, error, blocked }: NetworkRequest): boolean {
  return blocked === true || error !== undefined || (status ?? 0) >= 400;
}
