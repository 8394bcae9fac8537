import { expect, test } from 'vitest';
import { FrameReader, MAX_FRAME_TEXT_BYTES, type ReadFrame } from './frame-reader.ts';

interface Given {
  opcode?: number;
  payload?: Buffer;
  isMasked?: boolean;
  isFinal?: boolean;
  reserved?: number;
}

function frame({
  opcode = 1,
  payload = Buffer.alloc(0),
  isMasked = false,
  isFinal = true,
  reserved = 0,
}: Given): Buffer {
  const length = payload.length;
  const extended = length < 126 ? Buffer.alloc(0) : Buffer.alloc(length < 65_536 ? 2 : 8);
  if (extended.length === 2) extended.writeUInt16BE(length);
  if (extended.length === 8) extended.writeBigUInt64BE(BigInt(length));
  const short = extended.length === 0 ? length : extended.length === 2 ? 126 : 127;
  const mask = Buffer.from([7, 200, 31, 99]);
  const body = isMasked ? payload.map((byte, at) => byte ^ (mask[at & 3] ?? 0)) : payload;
  return Buffer.concat([
    Buffer.from([(isFinal ? 0x80 : 0) | reserved | opcode, (isMasked ? 0x80 : 0) | short]),
    extended,
    isMasked ? mask : Buffer.alloc(0),
    body,
  ]);
}

/** What a reader makes of the bytes when they come in pieces of `size`. */
function read(bytes: Buffer, size = bytes.length): [number, number, string | undefined][] {
  const frames: ReadFrame[] = [];
  const reader = new FrameReader((each) => frames.push(each));
  for (let at = 0; at < bytes.length; at += size) reader.read(bytes.subarray(at, at + size));
  return frames.map(({ opcode, bytes: length, text }) => [opcode, length, text?.toString()]);
}

const stream = Buffer.concat([
  frame({ payload: Buffer.from('hello') }),
  frame({ payload: Buffer.from('masked ä'), isMasked: true }),
  frame({ opcode: 2, payload: Buffer.from([1, 2, 3]) }),
  frame({ opcode: 9, isMasked: true }),
  frame({ payload: Buffer.from('frag'), isFinal: false }),
  frame({ opcode: 10, payload: Buffer.from('pong') }),
  frame({ opcode: 0, payload: Buffer.from('ment'), isMasked: true }),
  frame({ payload: Buffer.from('deflated'), reserved: 0x40 }),
  frame({ payload: Buffer.alloc(300, 'm') }),
  frame({ opcode: 8, payload: Buffer.from([3, 232]) }),
]);
const expected = [
  [1, 5, 'hello'],
  [1, 9, 'masked ä'],
  [2, 3, undefined],
  [9, 0, undefined],
  [1, 4, 'frag'],
  [10, 4, undefined],
  [0, 4, 'ment'],
  [1, 8, undefined],
  [1, 300, 'm'.repeat(300)],
  [8, 2, undefined],
];

test.each([1, 2, 3, 7, 1000])('frames are read from pieces of %i bytes', (size) => {
  expect(read(stream, size)).toEqual(expected);
});

test('of a long text the beginning is kept', () => {
  const payload = Buffer.alloc(100_000, 'x');
  const [[, bytes, text] = []] = read(frame({ payload, isMasked: true }), 999);
  expect(bytes).toBe(100_000);
  expect(text).toBe('x'.repeat(MAX_FRAME_TEXT_BYTES));
});

test.each([
  ['a control frame that is too long', Buffer.from([0x89, 126, 0, 200])],
  ['a control frame in parts', Buffer.from([0x09, 0])],
  ['a length beyond all numbers', Buffer.from([0x82, 127, 255, 255, 255, 255, 255, 255, 255, 255])],
])('%s ends the reading without an error', (_what, bytes) => {
  expect(read(Buffer.concat([bytes, frame({ payload: Buffer.from('never') })]))).toEqual([]);
});

test('bytes that are no frames do no harm', () => {
  const noise = Buffer.from(
    Array.from({ length: 50_000 }, (_, at) => (Math.imul(at, 2_654_435_761) >>> 13) & 255),
  );
  expect(() => read(noise, 13)).not.toThrow();
});
