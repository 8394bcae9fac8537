import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { LineSplitter } from '../output/line-splitter.ts';
import type { Engine } from './engine.ts';
import { HOME_LABEL } from './labels.ts';

/** How long the report of a container's end may trail the answer of its wait. */
const DIE_DEADLINE_MS = 1_000;
const MAX_EVENT_BYTES = 256 * 1024;

const eventSchema = z.object({ Action: z.string(), id: z.string() });

interface Watched {
  outOfMemory: boolean;
  died: PromiseWithResolvers<void>;
}

/**
 * Knows which containers hit their memory limit. Inspecting one tells only about its first process, which is the
 * init that Docker adds; the engine's `oom` event tells about all of them.
 */
export class ContainerEvents {
  readonly #engine: Engine;
  readonly #home: string;
  readonly #watched = new Map<string, Watched>();
  #stream: Promise<Readable> | null = null;

  constructor(engine: Engine, home: string) {
    this.#engine = engine;
    this.#home = home;
  }

  /** Listens for a container that is about to start. */
  async watch(containerId: string): Promise<void> {
    this.#watched.set(containerId, { outOfMemory: false, died: Promise.withResolvers() });
    this.#stream ??= this.#open();
    await this.#stream;
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
    this.#watched.delete(containerId);
    if (this.#watched.size > 0) return;
    void this.#stream?.then((stream) => stream.destroy()).catch(() => {});
    this.#stream = null;
  }

  async #open(): Promise<Readable> {
    const filters = { type: ['container'], event: ['oom', 'die'], label: [`${HOME_LABEL}=${this.#home}`] };
    const answer = await this.#engine.call(
      'report events',
      this.#engine.docker.getEvents({ filters: JSON.stringify(filters) }),
    );
    const stream = Readable.from(answer);
    const splitter = new LineSplitter((line) => this.#onEvent(line), MAX_EVENT_BYTES);
    stream.on('data', (chunk: Buffer) => splitter.push(chunk));
    stream.on('error', () => {});
    stream.once('close', () => {
      // The engine went away; with it went the containers.
      for (const { died } of this.#watched.values()) died.resolve();
      this.#stream = null;
    });
    return stream;
  }

  #onEvent(line: string): void {
    let event: z.infer<typeof eventSchema>;
    try {
      event = eventSchema.parse(JSON.parse(line));
    } catch {
      return; // a kind of event we did not ask for
    }
    const watched = this.#watched.get(event.id);
    if (event.Action === 'oom' && watched) watched.outOfMemory = true;
    if (event.Action === 'die') watched?.died.resolve();
  }
}
