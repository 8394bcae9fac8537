import type { NetworkList, NetworkQuery, NetworkRequest, NetworkRequestDetail } from '#shared/api/network.ts';
import { BodyStore } from './recording/body-store.ts';
import { LiveQueue } from './recording/live-queue.ts';
import { matchesQuery } from './recording/matches-query.ts';
import { Recording, type RecordingOwner } from './recording/recording.ts';
import type { RequestStart, WholeRequest } from './recording/told-of-request.ts';

/**
 * Kept per environment. A page with everything it loads is some hundred requests, of a large app a thousand; with bodies of a few kB each all
 * of them fit, and fifty environments under constant load stay below half a gigabyte together.
 */
export const MAX_KEPT_REQUESTS = 2_000;
export const MAX_KEPT_BYTES = 8 * 1024 * 1024;

export interface NetworkLogOptions {
  maxRequests?: number;
  maxBytes?: number;
}

const EVERYTHING: NetworkQuery = { since: 0, limit: MAX_KEPT_REQUESTS };

/**
 * What went through one environment's proxy and out of its sandbox, the newest of it. Bounded in rows and in bytes:
 * the oldest bodies go first, then the oldest rows. It lives in memory alone.
 */
export class NetworkLog implements RecordingOwner {
  readonly #maxRequests: number;
  readonly #maxBytes: number;
  /** A ring: a recording is at its id modulo the size. */
  readonly #ring: (Recording | undefined)[];
  /** Those that hold bodies, the oldest first. */
  readonly #withBodies = new Set<Recording>();
  readonly #live: LiveQueue;
  readonly #store = new BodyStore();
  /** Ids and cursors start from the clock, so that they still rise after the companion was restarted. */
  #nextId = Date.now() * 1_000;
  #oldestId = this.#nextId;
  #version = this.#nextId;
  #bytes = 0;
  #traffic = 0;

  /** `onChange` is told of each request as it begins and goes on, at a pace that a channel bears. */
  constructor(onChange: (request: NetworkRequest) => void, options: NetworkLogOptions = {}) {
    this.#maxRequests = options.maxRequests ?? MAX_KEPT_REQUESTS;
    this.#maxBytes = options.maxBytes ?? MAX_KEPT_BYTES;
    this.#ring = new Array(this.#maxRequests);
    this.#live = new LiveQueue(onChange);
  }

  /** Bytes kept, about. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Bytes of all bodies and frames that passed, both ways, since the environment was made or brought back. */
  get traffic(): number {
    return this.#traffic;
  }

  begin(start: RequestStart): Recording {
    if (this.#nextId - this.#oldestId >= this.#maxRequests) this.#forgetOldest();
    const recording = new Recording(this.#nextId++, start, this, this.#store);
    this.#ring[recording.id % this.#maxRequests] = recording;
    this.#bytes += recording.bytes;
    this.#makeRoom();
    this.changed(recording);
    return recording;
  }

  /** One page of what came or changed after `since`; each change is in one page only. */
  list(query: NetworkQuery = EVERYTHING): NetworkList {
    // A cursor of another life of the log says nothing about this one.
    const since = query.since > this.#version ? 0 : query.since;
    const changed = this.#all().filter(({ version }) => version > since);
    changed.sort((a, b) => a.version - b.version);
    const requests: NetworkRequest[] = [];
    let cursor = this.#version;
    let hasMore = false;
    for (const recording of changed) {
      const row = recording.toRow();
      if (!matchesQuery(row, query)) continue;
      if (requests.length === query.limit) {
        hasMore = true;
        break;
      }
      requests.push(row);
      cursor = recording.version;
    }
    return { requests, cursor: hasMore ? cursor : this.#version, hasMore, oldestId: this.#oldestId };
  }

  /** Everything kept of one request; undefined when it is not kept any more. */
  async detail(id: number): Promise<NetworkRequestDetail | undefined> {
    return this.#get(id)?.toDetail();
  }

  /** A page's request as it came, to be sent again; undefined where it is not kept, or not whole. */
  whole(id: number): WholeRequest | undefined {
    return this.#get(id)?.whole;
  }

  has(id: number): boolean {
    return this.#get(id) !== undefined;
  }

  /** The ids that are kept, the oldest first. */
  ids(): number[] {
    return this.#all().map(({ id }) => id);
  }

  /** Forgets all. Returns the id the next request will have. */
  clear(): number {
    while (this.#oldestId < this.#nextId) this.#forgetOldest();
    return this.#nextId;
  }

  changed(recording: Recording): void {
    recording.version = ++this.#version;
    if (!recording.isForgotten) this.#live.add(recording);
  }

  grew(recording: Recording, bytes: number): void {
    recording.bytes += bytes;
    this.#bytes += bytes;
    if (recording.hasBodies) this.#withBodies.add(recording);
    this.#makeRoom();
  }

  passed(bytes: number): void {
    this.#traffic += bytes;
  }

  #makeRoom(): void {
    if (this.#bytes <= this.#maxBytes) return;
    for (const recording of this.#withBodies) {
      this.#withBodies.delete(recording);
      this.#bytes -= recording.dropBodies();
      if (this.#bytes <= this.#maxBytes) return;
    }
    while (this.#bytes > this.#maxBytes && this.#oldestId < this.#nextId) this.#forgetOldest();
  }

  #forgetOldest(): void {
    const slot = this.#oldestId % this.#maxRequests;
    const oldest = this.#ring[slot];
    this.#ring[slot] = undefined;
    this.#oldestId += 1;
    if (!oldest) return;
    this.#bytes -= oldest.bytes;
    this.#withBodies.delete(oldest);
    this.#live.delete(oldest);
    oldest.forget();
  }

  #get(id: number): Recording | undefined {
    const found = this.#ring[id % this.#maxRequests];
    return found?.id === id ? found : undefined;
  }

  #all(): Recording[] {
    const all: Recording[] = [];
    for (let id = this.#oldestId; id < this.#nextId; id++) {
      const recording = this.#get(id);
      if (recording) all.push(recording);
    }
    return all;
  }
}
