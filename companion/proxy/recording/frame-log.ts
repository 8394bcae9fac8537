import type { WebSocketFrame } from '#shared/api/network.ts';
import { readText } from './body-preview.ts';
import { FrameReader, type ReadFrame } from './frame-reader.ts';

/** Kept of one socket: the newest frames, and of these as many bytes of text. */
const MAX_FRAMES = 500;
const MAX_TEXT_BYTES = 256 * 1024;
/** What a frame costs besides its text. Bytes. */
const FRAME_OVERHEAD_BYTES = 120;

interface KeptFrame {
  at: number;
  direction: WebSocketFrame['direction'];
  frame: ReadFrame;
}

/** The newest frames of one WebSocket, both directions. */
export class FrameLog {
  readonly #kept: KeptFrame[] = [];
  readonly #onFrame: (bytesMore: number) => void;
  #textBytes = 0;
  #dropped = 0;
  /** Direction as Chrome names it: `sent` by the browser. */
  readonly sent = new FrameReader((frame) => this.#add('sent', frame));
  readonly received = new FrameReader((frame) => this.#add('received', frame));

  /** `onFrame` is told how many bytes more (or less) are kept. */
  constructor(onFrame: (bytesMore: number) => void) {
    this.#onFrame = onFrame;
  }

  get dropped(): number {
    return this.#dropped;
  }

  list(): WebSocketFrame[] {
    return this.#kept.map(({ at, direction, frame: { opcode, bytes, text } }) => ({
      at,
      direction,
      opcode,
      bytes,
      text: text ? (readText(text) ?? undefined) : undefined,
    }));
  }

  #add(direction: WebSocketFrame['direction'], frame: ReadFrame): void {
    this.#kept.push({ at: Date.now(), direction, frame });
    this.#textBytes += frame.text?.length ?? 0;
    let bytesMore = (frame.text?.length ?? 0) + FRAME_OVERHEAD_BYTES;
    while (this.#kept.length > MAX_FRAMES || this.#textBytes > MAX_TEXT_BYTES) {
      const gone = this.#kept.shift()?.frame.text?.length ?? 0;
      this.#textBytes -= gone;
      this.#dropped += 1;
      bytesMore -= gone + FRAME_OVERHEAD_BYTES;
    }
    this.#onFrame(bytesMore);
  }
}
