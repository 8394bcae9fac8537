/**
 * What the builder answers to `POST load`: one block after the other, each two lengths (32 bits, big endian), a head as
 * JSON and a body.
 */

/** Longest head taken, bytes: it names what a module imports. */
const MAX_HEAD_BYTES = 4 * 1024 * 1024;
/** A larger answer is not sent ahead. Bytes. */
export const MAX_ANSWER_BYTES = 4 * 1024 * 1024;
const LENGTHS_BYTES = 8;

export interface Block {
  head: Buffer;
  body: Buffer;
}

export function encodeBlock(head: unknown, body: Buffer): Buffer {
  const text = Buffer.from(JSON.stringify(head));
  const lengths = Buffer.alloc(LENGTHS_BYTES);
  lengths.writeUInt32BE(text.length, 0);
  lengths.writeUInt32BE(body.length, 4);
  return Buffer.concat([lengths, text, body]);
}

/** Rejects when a block is longer than agreed, or the last one is not whole. */
export async function* readBlocks(stream: AsyncIterable<Buffer>): AsyncGenerator<Block> {
  let chunks: Buffer[] = [];
  let size = 0;
  let needed = LENGTHS_BYTES;
  for await (const chunk of stream) {
    chunks.push(chunk);
    size += chunk.length;
    if (size < needed) continue;
    let rest = Buffer.concat(chunks);
    for (;;) {
      needed = lengthOf(rest);
      if (rest.length < needed) break;
      const bodyStart = LENGTHS_BYTES + rest.readUInt32BE(0);
      // Copies: what is kept of it must not hold the whole chunk.
      yield {
        head: rest.subarray(LENGTHS_BYTES, bodyStart),
        body: Buffer.from(rest.subarray(bodyStart, needed)),
      };
      rest = rest.subarray(needed);
    }
    chunks = [rest];
    size = rest.length;
  }
  if (size > 0) throw new Error('The answers broke off.');
}

function lengthOf(start: Buffer): number {
  if (start.length < LENGTHS_BYTES) return LENGTHS_BYTES;
  const [head, body] = [start.readUInt32BE(0), start.readUInt32BE(4)];
  if (head > MAX_HEAD_BYTES || body > MAX_ANSWER_BYTES)
    throw new Error(`A block of ${head} and ${body} bytes.`);
  return LENGTHS_BYTES + head + body;
}
