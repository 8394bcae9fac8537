import { endianness } from 'node:os';
import type { Readable } from 'node:stream';

/** Browsers take at most 1 MB from a host; ours are far smaller. */
const MAX_REPLY_BYTES = 1024 * 1024;
/** What an extension sends is a word or two; Chrome would let 64 MiB pass. */
const MAX_REQUEST_BYTES = 64 * 1024;
const LENGTH_BYTES = 4;
const IS_LITTLE_ENDIAN = endianness() === 'LE';

/** One message as native messaging wants it: its length in the machine's byte order, then UTF-8 JSON. */
export function encodeFrame(message: unknown): Buffer {
  const body = Buffer.from(JSON.stringify(message), 'utf8');
  if (body.length > MAX_REPLY_BYTES)
    throw new RangeError(`Expected at most ${MAX_REPLY_BYTES} bytes, got ${body.length}`);
  const length = Buffer.alloc(LENGTH_BYTES);
  if (IS_LITTLE_ENDIAN) length.writeUInt32LE(body.length);
  else length.writeUInt32BE(body.length);
  return Buffer.concat([length, body]);
}

/** The messages of a stream, parsed as JSON. Throws on a frame that is too long or not JSON. */
export async function* readFrames(stream: Readable): AsyncGenerator<unknown> {
  let received = Buffer.alloc(0);
  for await (const chunk of stream) {
    received = Buffer.concat([received, chunk]);
    while (received.length >= LENGTH_BYTES) {
      const length = IS_LITTLE_ENDIAN ? received.readUInt32LE() : received.readUInt32BE();
      if (length > MAX_REQUEST_BYTES) {
        throw new RangeError(
          `Expected a message of at most ${MAX_REQUEST_BYTES} bytes, got one of ${length}`,
        );
      }
      if (received.length < LENGTH_BYTES + length) break;
      const text = received.toString('utf8', LENGTH_BYTES, LENGTH_BYTES + length);
      received = received.subarray(LENGTH_BYTES + length);
      yield JSON.parse(text);
    }
  }
}
