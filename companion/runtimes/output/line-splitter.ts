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
  readonly #admits: (bytes: number) => boolean;

  /**
   * `admits` is asked before a line of so many bytes is made into text, which is most of the work; false leaves the
   * line out.
   */
  constructor(
    onLine: (line: string) => void,
    maxBytes = MAX_LINE_BYTES,
    admits: (bytes: number) => boolean = () => true,
  ) {
    this.#onLine = onLine;
    this.#maxBytes = maxBytes;
    this.#admits = admits;
  }

  push(chunk: Buffer): void {
    let from = 0;
    for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, from)) {
      this.#append(chunk.subarray(from, at));
      this.#flush();
      from = at + 1;
    }
    if (from < chunk.length) this.#append(Buffer.from(chunk.subarray(from))); // a view would keep the chunk alive
  }

  /** Passes on a last line that had no line break. */
  end(): void {
    if (this.#length > 0) this.#flush();
  }

  #append(piece: Buffer): void {
    const room = this.#maxBytes - this.#length;
    if (piece.length > room) this.#cut = true;
    const kept = piece.length > room ? piece.subarray(0, Math.max(0, room)) : piece;
    if (kept.length === 0) return;
    this.#parts.push(kept);
    this.#length += kept.length;
  }

  #flush(): void {
    const [parts, isCut, length] = [this.#parts, this.#cut, this.#length];
    this.#parts = [];
    this.#length = 0;
    this.#cut = false;
    if (!this.#admits(length)) return;
    const bytes = parts.length === 1 ? parts[0] : Buffer.concat(parts);
    // write() without end() leaves out a character that the cut went through.
    const decoder = new StringDecoder('utf8');
    const text = decoder.write(bytes ?? Buffer.alloc(0)) + (isCut ? CUT_MARK : decoder.end());
    this.#onLine(text.endsWith('\r') ? text.slice(0, -1) : text);
  }
}
