import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { previewBody } from './body-preview.ts';
import { BodyCapture, BodyStore, MAX_PREVIEW_BYTES } from './body-store.ts';

function capture(...chunks: Buffer[]): BodyCapture {
  const body = new BodyCapture(new BodyStore());
  for (const chunk of chunks) body.add(chunk);
  return body;
}

test.each([
  ['gzip', gzipSync],
  ['br', brotliCompressSync],
  ['deflate', deflateSync],
  ['zstd', zstdCompressSync],
  ['identity', (text: string) => Buffer.from(text)],
])('%s is decoded', async (encoding, encode) => {
  const preview = await previewBody(capture(encode('{"ä":1}')), 'application/json; charset=utf-8', encoding);
  expect(preview).toEqual({ mimeType: 'application/json', text: '{"ä":1}', isCut: false });
});

test('two encodings are taken off in turn, more are not', async () => {
  const twice = brotliCompressSync(gzipSync('deep'));
  expect((await previewBody(capture(twice), 'text/plain', 'gzip, br')).text).toBe('deep');
  expect((await previewBody(capture(twice), 'text/plain', 'gzip, br, gzip')).text).toBeNull();
});

test('a bomb is opened no further than is shown', async () => {
  const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024, 'x'));
  const before = process.memoryUsage().rss;
  const preview = await previewBody(capture(bomb), 'text/plain', 'gzip');
  expect(preview.text).toHaveLength(MAX_PREVIEW_BYTES);
  expect(preview.isCut).toBe(true);
  expect(process.memoryUsage().rss - before).toBeLessThan(50 * 1024 * 1024);
});

test('the beginning of a compressed body is shown where the rest was not kept', async () => {
  const lines = Array.from({ length: 60_000 }, (_, i) => `${i * 7919}-${Math.sin(i)}`).join('\n');
  const preview = await previewBody(capture(gzipSync(lines)), 'text/plain', 'gzip');
  expect(preview.isCut).toBe(true);
  expect(lines.startsWith(preview.text ?? '?')).toBe(true);
  expect(preview.text?.length).toBeGreaterThan(1_000);
});

test.each([
  ['what is not compressed as it says', Buffer.from('plain'), 'text/plain', 'gzip'],
  ['an encoding nobody knows', Buffer.from('plain'), 'text/plain', 'rot13'],
  ['bytes under a text type', Buffer.from([0, 1, 2, 3]), 'text/plain', undefined],
  ['bytes that are no UTF-8', Buffer.from([0xff, 0xfe, 0x41, 0xc3]), 'application/json', undefined],
])('%s is shown as no text', async (_what, bytes, type, encoding) => {
  expect((await previewBody(capture(bytes), type, encoding)).text).toBeNull();
});

test('a cut within a character is no fault, another charset is read, an unknown one is tried as UTF-8', async () => {
  const long = Buffer.from(`x${'ä'.repeat(MAX_PREVIEW_BYTES)}`);
  expect((await previewBody(capture(long), 'text/plain', undefined)).text).toHaveLength(
    MAX_PREVIEW_BYTES / 2,
  );
  expect(
    (await previewBody(capture(Buffer.from([0xe4])), 'text/plain; charset="iso-8859-1"', undefined)).text,
  ).toBe('ä');
  expect((await previewBody(capture(Buffer.from('ä')), 'text/plain; charset=klingon', undefined)).text).toBe(
    'ä',
  );
});

test('what is kept holds on to no more than itself', () => {
  const parent = Buffer.alloc(10 * 1024 * 1024, 'x');
  const body = capture(parent.subarray(0, 20_000), parent.subarray(5, 15));
  expect(body.bytes()).toHaveLength(20_010);
  parent.fill('y');
  expect(body.bytes().includes('y')).toBe(false);
});
