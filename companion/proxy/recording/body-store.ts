/** Kept of each body: what a person reads of it. Bytes. */
export const MAX_PREVIEW_BYTES = 64 * 1024;
/** A picture is seen whole or not at all. Bytes. */
export const MAX_IMAGE_BYTES = 512 * 1024;
/** Pieces share memory: buffers of their own that live for a while are what a garbage collector is slowest with. */
const SLAB_BYTES = 128 * 1024;
/** What a piece costs besides its bytes: an event stream may come in thousands of them. */
const CHUNK_OVERHEAD_BYTES = 100;

/** Copies pieces of bodies to where they are kept. One for each log. */
export class BodyStore {
  #slab: Buffer | undefined;
  #used = 0;

  /** A copy of at most MAX_PREVIEW_BYTES, which holds on to its neighbours of the same time and to nothing else. */
  keep(bytes: Buffer): Buffer {
    if (!this.#slab || this.#used + bytes.length > SLAB_BYTES) {
      this.#slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
      this.#used = 0;
    }
    const start = this.#used;
    this.#used += bytes.copy(this.#slab, start);
    return this.#slab.subarray(start, this.#used);
  }
}

/** The beginning of a body, as it came over the wire. */
export class BodyCapture {
  readonly #store: BodyStore;
  readonly #maxBytes: number;
  readonly #chunks: Buffer[] = [];
  #keptBytes = 0;
  #isCut = false;

  constructor(store: BodyStore, maxBytes = MAX_PREVIEW_BYTES) {
    this.#store = store;
    this.#maxBytes = maxBytes;
  }

  get isCut(): boolean {
    return this.#isCut;
  }

  /** Keeps what there is room for. Returns how many bytes more it holds. */
  add(chunk: Buffer): number {
    const room = this.#maxBytes - this.#keptBytes;
    if (chunk.length > room) this.#isCut = true;
    const wanted = Math.min(chunk.length, room);
    let held = 0;
    for (let start = 0; start < wanted; start += MAX_PREVIEW_BYTES) {
      const kept = this.#store.keep(chunk.subarray(start, Math.min(wanted, start + MAX_PREVIEW_BYTES)));
      this.#chunks.push(kept);
      this.#keptBytes += kept.length;
      held += kept.length + CHUNK_OVERHEAD_BYTES;
    }
    return held;
  }

  bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }
}
