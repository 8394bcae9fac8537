import { Transform, type TransformCallback } from 'node:stream';

/** A head is at the beginning; a document that has none by here gets the text where a parser would put it. */
const MAX_SEARCHED_BYTES = 16 * 1024;
const HEAD = /<head(?:\s[^>]*)?>/i;
/** The head is over, or was left out: nothing more to look for. */
const BEYOND_HEAD = /<(?:body|\/head|title|meta|link|script|style|main|div)\b/i;
const BEFORE_HEAD = [/<html(?:\s[^>]*)?>/i, /<!doctype[^>]*>/i];

/** Puts text at the start of a document's head as it streams by: what comes before is held, nothing else. */
export class InjectHead extends Transform {
  readonly #text: Buffer;
  #held: Buffer | null = Buffer.alloc(0);

  constructor(text: string) {
    super();
    this.#text = Buffer.from(text);
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    if (this.#held === null) return done(null, chunk);
    this.#held = Buffer.concat([this.#held, chunk]);
    // As Latin-1 every byte is one character, so that places in the text are places in the bytes.
    const text = this.#held.toString('latin1', 0, MAX_SEARCHED_BYTES);
    const head = HEAD.exec(text);
    if (head) return this.#insert(head.index + head[0].length, done);
    if (BEYOND_HEAD.test(text) || this.#held.length >= MAX_SEARCHED_BYTES) return this.#withoutHead(done);
    done();
  }

  override _flush(done: TransformCallback): void {
    if (this.#held === null) return done();
    this.#withoutHead(done);
  }

  #withoutHead(done: TransformCallback): void {
    const text = this.#held?.toString('latin1', 0, MAX_SEARCHED_BYTES) ?? '';
    const tag = BEFORE_HEAD.map((pattern) => pattern.exec(text)).find((found) => found !== null);
    this.#insert(tag ? tag.index + tag[0].length : 0, done);
  }

  #insert(at: number, done: TransformCallback): void {
    const held = this.#held ?? Buffer.alloc(0);
    this.#held = null;
    done(null, Buffer.concat([held.subarray(0, at), this.#text, held.subarray(at)]));
  }
}
