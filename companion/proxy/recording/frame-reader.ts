/** Kept of the text of one frame. Bytes. */
export const MAX_FRAME_TEXT_BYTES = 4 * 1024;

const OPCODE_CONTINUATION = 0;
const OPCODE_TEXT = 1;
const MAX_HEAD_BYTES = 14;

export interface ReadFrame {
  opcode: number;
  /** Length of the payload. */
  bytes: number;
  /** The beginning of the payload where it is text, unmasked. */
  text?: Buffer;
}

/**
 * Reads WebSocket frames (RFC 6455 §5.2) of one direction out of the bytes that pass by, holding on to no more than
 * the beginning of a text. What is no WebSocket ends the reading.
 */
export class FrameReader {
  readonly #onFrame: (frame: ReadFrame) => void;
  readonly #head = Buffer.alloc(MAX_HEAD_BYTES);
  #headLength = 0;
  #headWanted = 2;
  #frame: ReadFrame | null = null;
  #left = 0;
  #mask: Buffer | null = null;
  #position = 0;
  #text: Buffer[] = [];
  #textLength = 0;
  /** Whether the message that is being continued is plain text. */
  #isTextMessage = false;
  #isBroken = false;

  constructor(onFrame: (frame: ReadFrame) => void) {
    this.#onFrame = onFrame;
  }

  read(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length && !this.#isBroken) {
      at = this.#frame ? this.#readPayload(chunk, at) : this.#readHead(chunk, at);
    }
  }

  #readHead(chunk: Buffer, start: number): number {
    let at = start;
    while (this.#headLength < this.#headWanted && at < chunk.length) {
      this.#head[this.#headLength++] = chunk[at++] ?? 0;
      if (this.#headLength === 2) this.#headWanted = headLength(this.#head[1] ?? 0);
    }
    if (this.#headLength === this.#headWanted) this.#beginFrame();
    return at;
  }

  #beginFrame(): void {
    const head = this.#head;
    const [first = 0, second = 0] = head;
    const opcode = first & 0x0f;
    const short = second & 0x7f;
    const length =
      short < 126 ? short : short === 126 ? head.readUInt16BE(2) : Number(head.readBigUInt64BE(2));
    const isControl = opcode >= 8;
    const isFinal = (first & 0x80) !== 0;
    if (!Number.isSafeInteger(length) || (isControl && (length > 125 || !isFinal))) {
      this.#isBroken = true;
      return;
    }
    const maskAt = this.#headWanted - 4;
    this.#mask = second & 0x80 ? Buffer.from(head.subarray(maskAt, this.#headWanted)) : null;
    // With a reserved bit set the payload means what an extension says.
    const isPlain = (first & 0x70) === 0;
    if (opcode === OPCODE_TEXT) this.#isTextMessage = isPlain;
    else if (!isControl && opcode !== OPCODE_CONTINUATION) this.#isTextMessage = false;
    const isText = !isControl && this.#isTextMessage;
    this.#frame = { opcode, bytes: length, ...(isText ? { text: EMPTY } : {}) };
    this.#left = length;
    this.#position = 0;
    this.#textLength = 0;
    this.#text = [];
    this.#headLength = 0;
    this.#headWanted = 2;
    if (length === 0) this.#endFrame();
  }

  #readPayload(chunk: Buffer, at: number): number {
    const length = Math.min(this.#left, chunk.length - at);
    if (this.#frame?.text) this.#keepText(chunk.subarray(at, at + length));
    this.#position += length;
    this.#left -= length;
    if (this.#left === 0) this.#endFrame();
    return at + length;
  }

  #keepText(part: Buffer): void {
    const kept = Buffer.from(part.subarray(0, MAX_FRAME_TEXT_BYTES - this.#textLength));
    if (kept.length === 0) return;
    const mask = this.#mask;
    if (mask) {
      for (let i = 0; i < kept.length; i++) kept[i] = (kept[i] ?? 0) ^ (mask[(this.#position + i) & 3] ?? 0);
    }
    this.#text.push(kept);
    this.#textLength += kept.length;
  }

  #endFrame(): void {
    const frame = this.#frame;
    this.#frame = null;
    if (!frame) return;
    if (frame.text) frame.text = Buffer.concat(this.#text);
    this.#text = [];
    this.#onFrame(frame);
  }
}

const EMPTY = Buffer.alloc(0);

/** Bytes of a frame's head, told by its second byte. */
function headLength(second: number): number {
  const short = second & 0x7f;
  return 2 + (short === 126 ? 2 : short === 127 ? 8 : 0) + (second & 0x80 ? 4 : 0);
}
