import type { Writable } from 'node:stream';

/**
 * Writes to a stream what comes within one turn of the event loop at once: each write is one by the sandbox's gateway
 * and one that the companion reads, too.
 */
export class GatheredWriter {
  readonly #to: Writable;
  #waiting: Buffer[] = [];
  #flushed = Promise.withResolvers<void>();

  constructor(to: Writable) {
    this.#to = to;
  }

  /** Resolves when there is room for more, or nobody reads any more. */
  write(block: Buffer): Promise<void> {
    if (this.#waiting.length === 0) setImmediate(() => this.#flush());
    this.#waiting.push(block);
    return this.#flushed.promise;
  }

  end(): void {
    this.#flush();
    this.#to.end();
  }

  #flush(): void {
    const blocks = this.#waiting;
    const flushed = this.#flushed;
    this.#waiting = [];
    this.#flushed = Promise.withResolvers();
    if (blocks.length === 0 || this.#to.destroyed || this.#to.write(Buffer.concat(blocks))) flushed.resolve();
    else this.#to.once('drain', flushed.resolve).once('close', flushed.resolve);
  }
}
