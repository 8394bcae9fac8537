/** Kept of each body: what a person reads of it. Bytes. */
export const MAX_PREVIEW_BYTES = 64 * 1024;

/** The beginning of a body, as it came over the wire. */
export class BodyCapture {
  readonly #chunks: Buffer[] = [];
  #keptBytes = 0;
  #isCut = false;

  get isCut(): boolean {
    return this.#isCut;
  }
  get keptBytes(): number {
    return this.#keptBytes;
  }

  /** Keeps what there is room for. Returns how many bytes more it holds. */
  add(chunk: Buffer): number {
    const room = MAX_PREVIEW_BYTES - this.#keptBytes;
    if (chunk.length > room) this.#isCut = true;
    if (room === 0) return 0;
    // A part is copied: a view would keep the whole chunk in memory.
    const kept = chunk.length <= room ? chunk : Buffer.from(chunk.subarray(0, room));
    this.#chunks.push(kept);
    this.#keptBytes += kept.length;
    return kept.length;
  }

  bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }
}
