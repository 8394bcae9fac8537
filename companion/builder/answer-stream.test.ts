import { describe, expect, it } from 'vitest';
import { encodeBlock, readBlocks } from './answer-stream.ts';

async function read(chunks: Buffer[]) {
  const blocks: { head: unknown; body: string }[] = [];
  const stream = (async function* () {
    yield* chunks;
  })();
  for await (const { head, body } of readBlocks(stream))
    blocks.push({ head: JSON.parse(head.toString('utf8')), body: body.toString('utf8') });
  return blocks;
}

const BLOCKS = [
  { head: { url: '/a' }, body: 'one' },
  { head: { url: '/empty' }, body: '' },
  { head: { url: '/ü' }, body: 'zwölf'.repeat(10_000) },
];
const encoded = Buffer.concat(BLOCKS.map(({ head, body }) => encodeBlock(head, Buffer.from(body))));

describe('a stream of answers', () => {
  it('is read whatever chunks it comes in', async () => {
    expect(await read([encoded])).toEqual(BLOCKS);
    const bytes = [...encoded.subarray(0, 40)].map((byte) => Buffer.from([byte]));
    expect(await read([...bytes, encoded.subarray(40)])).toEqual(BLOCKS);
  });

  it('is an error when its last answer is not whole', async () => {
    await expect(read([encoded.subarray(0, -1)])).rejects.toThrow('broke off');
    await expect(read([encoded.subarray(0, 3)])).rejects.toThrow('broke off');
    expect(await read([])).toEqual([]);
  });

  it('is an error when an answer claims to be huge', async () => {
    const claim = Buffer.alloc(8);
    claim.writeUInt32BE(2, 0);
    claim.writeUInt32BE(0xffffffff, 4);
    await expect(read([claim])).rejects.toThrow('A block of 2 and 4294967295 bytes');
  });
});
