import { StringDecoder } from 'node:string_decoder';

/** Longest line passed on, bytes; the rest of a longer one is left out and the line says so. */
export const MAX_LINE_BYTES = 16_384;
const CUT_MARK = ' … (cut)';
const LINE_FEED = 10;

/** Cuts a byte stream into lines. Memory is bounded by the longest line; invalid UTF-8 becomes U+FFFD. */
export class LineSplitter {
  #parts: Buffer[] = [];
  #length = 0;
  #cut = false;
  readonly #onLine: (line: string) => void;
  readonly #maxBytes: number;

  constructor(onLine: (line: string) => void, maxBytes = MAX_LINE_BYTES) {
    this.#onLine = onLine;
    this.#maxBytes = maxBytes;
  }

  push(chunk: Buffer): void {
    let from = 0;
    for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, from)) {
      this.#append(chunk.subarray(from, at));
      this.#flush();
      from = at + 1;
    }
    this.#append(chunk.subarray(from));
  }

  /** Passes on a last line that had no line break. */
  end(): void {
    if (this.#length > 0) this.#flush();
  }

  #append(piece: Buffer): void {
    const room = this.#maxBytes - this.#length;
    if (piece.length > room) this.#cut = true;
    const kept = piece.subarray(0, Math.max(0, room));
    if (kept.length === 0) return;
    // A copy: a view would keep the whole chunk alive.
    this.#parts.push(Buffer.from(kept));
    this.#length += kept.length;
  }

  #flush(): void {
    const bytes = this.#parts.length === 1 ? this.#parts[0] : Buffer.concat(this.#parts);
    // write() without end() leaves out a character that the cut went through.
    const decoder = new StringDecoder('utf8');
    const text = decoder.write(bytes ?? Buffer.alloc(0)) + (this.#cut ? CUT_MARK : decoder.end());
    this.#parts = [];
    this.#length = 0;
    this.#cut = false;
    this.#onLine(text.endsWith('\r') ? text.slice(0, -1) : text);
  }
}
