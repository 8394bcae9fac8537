import { Transform, type TransformCallback } from 'node:stream';

const HEADER_BYTES = 5;
/** BackendKeyData: a process id and a key of at most 256 bytes. */
const MAX_KEY_BYTES = 300;
const KEY_DATA = 'K'.charCodeAt(0);
const ERROR = 'E'.charCodeAt(0);

/**
 * Passes on what a server says, and knows where its messages begin and end: it tells the key that cancels this
 * connection's statements, and when the server breaks off, whether an error can still be said.
 */
export class ServerFrames extends Transform {
  readonly #onKey: (key: string) => void;
  /** Bytes of the current message that are still to come. */
  #left = 0;
  /** The header of the next message, or a whole BackendKeyData, as far as it came. */
  #held = Buffer.alloc(0);
  #isKey = false;
  #type = 0;

  constructor(onKey: (key: string) => void) {
    super();
    this.#onKey = onKey;
  }

  /** Whether the next byte begins a message, and the last message was no error that says why it ends. */
  get mayExplain(): boolean {
    return this.#left === 0 && this.#held.length === 0 && this.#type !== ERROR;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    let at = 0;
    while (at < chunk.length) {
      const taken = this.#left > 0 ? this.#body(chunk, at) : this.#header(chunk, at);
      at += taken;
    }
    done(null, chunk);
  }

  #header(chunk: Buffer, at: number): number {
    const taken = Math.min(HEADER_BYTES - this.#held.length, chunk.length - at);
    const header =
      taken === HEADER_BYTES
        ? chunk.subarray(at, at + taken)
        : Buffer.concat([this.#held, chunk.subarray(at, at + taken)]);
    if (header.length < HEADER_BYTES) {
      this.#held = Buffer.from(header);
      return taken;
    }
    this.#held = Buffer.alloc(0);
    this.#type = header[0] ?? 0;
    this.#left = Math.max(0, header.readInt32BE(1) - 4);
    this.#isKey = this.#type === KEY_DATA && this.#left <= MAX_KEY_BYTES;
    return taken;
  }

  #body(chunk: Buffer, at: number): number {
    const taken = Math.min(this.#left, chunk.length - at);
    this.#left -= taken;
    if (this.#isKey) {
      this.#held = Buffer.concat([this.#held, chunk.subarray(at, at + taken)]);
      if (this.#left === 0) {
        this.#onKey(this.#held.toString('hex'));
        this.#held = Buffer.alloc(0);
        this.#isKey = false;
      }
    }
    return taken;
  }
}
