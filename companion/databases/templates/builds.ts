import { unlessAborted } from '../unless-aborted.ts';

/** What a template became: `built` says whether it was made just now. */
export interface Built<T> {
  template: T;
  built: boolean;
}

/**
 * Lets each template be built once, however many environments ask for it at the same time. An aborted build is
 * taken over by one of those that wait; a failed one is told to all of them, and the next to ask tries again.
 */
export class Builds<T> {
  readonly #running = new Map<string, Promise<Built<T> | null>>();

  async get(
    key: string,
    signal: AbortSignal,
    find: () => Promise<T | null>,
    build: () => Promise<T>,
  ): Promise<Built<T>> {
    for (;;) {
      signal.throwIfAborted();
      const running = this.#running.get(key) ?? this.#start(key, signal, find, build);
      const result = await unlessAborted(running, signal);
      if (result) return result;
    }
  }

  /** Resolves null when the builder was aborted. */
  #start(
    key: string,
    signal: AbortSignal,
    find: () => Promise<T | null>,
    build: () => Promise<T>,
  ): Promise<Built<T> | null> {
    const work = async () => {
      try {
        const found = await find();
        return found === null ? { template: await build(), built: true } : { template: found, built: false };
      } catch (error) {
        if (signal.aborted) return null;
        throw error;
      } finally {
        this.#running.delete(key);
      }
    };
    const running = work();
    this.#running.set(key, running);
    running.catch(() => undefined); // told to those that wait; they may all have been aborted
    return running;
  }
}
