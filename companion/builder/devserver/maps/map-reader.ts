import { Worker } from 'node:worker_threads';

export interface MapQuestion {
  id: number;
  /** Names the map. */
  key: string;
  /** Its text, to be kept. */
  map?: Uint8Array;
  /** What is to be found. */
  place?: ScriptPlace;
}

/** From 1, as browsers count. */
export interface ScriptPlace {
  line: number;
  column: number;
}

export interface MapTold {
  id: number;
  /** It has no such map: it is to be asked again with one. */
  isUnknown?: true;
  place?: SourcePlace | undefined;
}

/** Where something is in the sources, as the map calls them. */
export interface SourcePlace {
  source: string;
  line: number;
  column: number;
}

/** A reader that nobody asks for this long is ended, with the maps it holds, ms. */
const IDLE_MS = 30_000;
/** Longest wait for one place: a map of many megabytes has to be read. */
const ANSWER_DEADLINE_MS = 5_000;
const MAX_HEAP_MB = 512;

/** Reads source maps in a thread of its own, which lives as long as somebody asks. */
export class MapReader {
  /** Maps on their way here, of which many places of one stack may ask. */
  readonly #loading = new Map<string, Promise<void>>();
  readonly #waiting = new Map<number, (told: MapTold) => void>();
  #worker: Worker | null = null;
  #lastId = 0;
  #idle: NodeJS.Timeout | undefined;

  /** Undefined where the map does not know; `load` is asked for the map when it is not there. Never rejects. */
  async find(
    key: string,
    place: ScriptPlace,
    load: () => Promise<Buffer | null>,
  ): Promise<SourcePlace | undefined> {
    const first = await this.#ask({ key, place });
    if (!first.isUnknown) return first.place;
    const loading = this.#loading.get(key) ?? this.#load(key, load);
    this.#loading.set(key, loading);
    await loading;
    return (await this.#ask({ key, place })).place;
  }

  async #load(key: string, load: () => Promise<Buffer | null>): Promise<void> {
    const map = await load().catch(() => null);
    if (map !== null) await this.#ask({ key, map });
    this.#loading.delete(key);
  }

  close(): void {
    clearTimeout(this.#idle);
    const worker = this.#worker;
    this.#worker = null;
    for (const [id, answer] of this.#waiting) answer({ id });
    void worker?.terminate();
  }

  #ask(question: Omit<MapQuestion, 'id'>): Promise<MapTold> {
    const id = ++this.#lastId;
    const { promise, resolve } = Promise.withResolvers<MapTold>();
    // A map that takes this long takes the reader with it.
    const late = setTimeout(() => this.close(), ANSWER_DEADLINE_MS);
    this.#waiting.set(id, (told) => {
      clearTimeout(late);
      this.#waiting.delete(id);
      resolve(told);
    });
    this.#running().postMessage({ id, ...question } satisfies MapQuestion);
    return promise;
  }

  #running(): Worker {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.close(), IDLE_MS);
    this.#idle.unref();
    if (this.#worker) return this.#worker;
    const worker = new Worker(new URL('map-worker.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
      stdout: true,
      stderr: true,
    });
    worker.unref();
    worker.on('message', (told: MapTold) => this.#waiting.get(told.id)?.(told));
    const gone = () => {
      if (this.#worker === worker) this.close();
    };
    // Out of memory, say: what was asked stays unknown.
    worker.on('error', gone).on('exit', gone);
    this.#worker = worker;
    return worker;
  }
}
