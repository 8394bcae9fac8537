import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { LineSplitter } from '../output/line-splitter.ts';
import type { Engine } from './engine.ts';
import { HOME_LABEL } from './labels.ts';

/** How long the report of a container's end may trail the answer of its wait. */
const DIE_DEADLINE_MS = 1_000;
const MAX_EVENT_BYTES = 256 * 1024;
const RECONNECT_MS = 500;

const eventSchema = z.object({ Action: z.string(), id: z.string(), time: z.number().optional() });

interface Watched {
  outOfMemory: boolean;
  died: PromiseWithResolvers<void>;
  onOutOfMemory(): void;
}

/**
 * Knows which containers hit their memory limit. Inspecting one tells only about its first process, which is the
 * init that Docker adds; the engine's `oom` event tells about all of them. The stream of events is opened again
 * when it breaks, from where it broke, as long as there is a container to watch.
 */
export class ContainerEvents {
  readonly #engine: Engine;
  readonly #home: string;
  readonly #isTold: boolean;
  readonly #watched = new Map<string, Watched>();
  #stream: Promise<Readable> | null = null;
  /** Engine's time of the last event, seconds. */
  #lastSeen: number | undefined;
  #reconnecting: AbortController | null = null;

  /** Without `isTold`, for engines that have no such event, nothing is listened for. */
  constructor(engine: Engine, home: string, isTold: boolean) {
    this.#engine = engine;
    this.#home = home;
    this.#isTold = isTold;
  }

  /** Listens for a container that is about to start. `onOutOfMemory` is told each time one of its processes was ended. */
  async watch(containerId: string, onOutOfMemory: () => void): Promise<void> {
    if (!this.#isTold) return;
    const died = Promise.withResolvers<void>();
    this.#watched.set(containerId, { outOfMemory: false, died, onOutOfMemory });
    await this.#open();
  }

  /** For a container that ended: whether it was for want of memory. Stops listening for it. */
  async outcome(containerId: string, exitCode: number): Promise<boolean> {
    const watched = this.#watched.get(containerId);
    if (!watched) return false;
    // Events come in order, oom before die. Nobody waits for one that ended by its own choice.
    if (exitCode === 137) {
      const over = new AbortController();
      const limit = delay(DIE_DEADLINE_MS, undefined, { signal: over.signal }).catch(() => {});
      await Promise.race([watched.died.promise, limit]);
      over.abort();
    }
    this.forget(containerId);
    return exitCode === 137 && watched.outOfMemory;
  }

  forget(containerId: string): void {
    this.#watched.get(containerId)?.died.resolve();
    this.#watched.delete(containerId);
    if (this.#watched.size > 0) return;
    this.#reconnecting?.abort();
    void this.#stream?.then((stream) => stream.destroy()).catch(() => {});
    this.#stream = null;
    this.#lastSeen = undefined;
  }

  #open(): Promise<Readable> {
    if (this.#stream) return this.#stream;
    const opening = this.#connect();
    this.#stream = opening;
    const onGone = () => {
      if (this.#stream !== opening) return;
      this.#stream = null;
      if (this.#watched.size > 0) void this.#reconnect();
    };
    opening.then((stream) => stream.once('close', onGone), onGone);
    return opening;
  }

  async #reconnect(): Promise<void> {
    if (this.#reconnecting) return;
    const over = new AbortController();
    this.#reconnecting = over;
    try {
      await delay(RECONNECT_MS, undefined, { signal: over.signal });
      if (this.#watched.size > 0) this.#open().catch(() => {}); // its failure comes back here
    } catch {
      // Nothing is watched any more.
    } finally {
      this.#reconnecting = null;
    }
  }

  async #connect(): Promise<Readable> {
    const filters = { type: ['container'], event: ['oom', 'die'], label: [`${HOME_LABEL}=${this.#home}`] };
    const since = this.#lastSeen === undefined ? {} : { since: this.#lastSeen };
    const answer = await this.#engine.call(
      'report events',
      this.#engine.docker.getEvents({ filters: JSON.stringify(filters), ...since }),
    );
    const stream = answer as Readable; // the HTTP response; a stream around it would end only with the next event
    const splitter = new LineSplitter((line) => this.#onEvent(line), MAX_EVENT_BYTES);
    stream.on('data', (chunk: Buffer) => splitter.push(chunk));
    stream.on('error', () => {}); // told by `close`
    return stream;
  }

  #onEvent(line: string): void {
    let event: z.infer<typeof eventSchema>;
    try {
      event = eventSchema.parse(JSON.parse(line));
    } catch {
      return; // a kind of event we did not ask for
    }
    this.#lastSeen = event.time ?? this.#lastSeen;
    const watched = this.#watched.get(event.id);
    if (!watched) return;
    if (event.Action === 'oom') {
      watched.outOfMemory = true;
      watched.onOutOfMemory();
    }
    if (event.Action === 'die') watched.died.resolve();
  }
}
