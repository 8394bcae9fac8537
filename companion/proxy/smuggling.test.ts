import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { httpBackend, type ProxyFixture, startProxy } from './testing/proxy-fixture.ts';

let fixture: ProxyFixture | undefined;
afterEach(() => fixture?.close());

/** What the backend saw, one entry a request. */
async function start(): Promise<{ seen: string[]; host: string; raw: ProxyFixture['raw'] }> {
  const seen: string[] = [];
  fixture = await startProxy(
    httpBackend(async (request, response) => {
      const body = await text(request);
      seen.push(`${request.method} ${request.url} ${body}`);
      response.end('ok');
    }),
  );
  return { seen, host: fixture.host, raw: fixture.raw };
}

const post = (host: string, lines: string, body: string) =>
  `POST /a HTTP/1.1\r\nHost: ${host}\r\n${lines}\r\n\r\n${body}`;

/** RFC 9112 §11.2: what two servers could read in two ways is read by neither. */
test.each([
  ['a length beside chunks', 'Content-Length: 6\r\nTransfer-Encoding: chunked', '0\r\n\r\nX'],
  ['two lengths', 'Content-Length: 3\r\nContent-Length: 4', 'abcd'],
  ['a list of lengths', 'Content-Length: 3, 4', 'abcd'],
  ['a length with a sign', 'Content-Length: +3', 'abc'],
  ['a length that is not decimal', 'Content-Length: 0x3', 'abc'],
  ['a negative length', 'Content-Length: -1', ''],
  ['chunks that are not the last coding', 'Transfer-Encoding: chunked, identity', '0\r\n\r\n'],
  ['an unknown coding', 'Transfer-Encoding: xchunked', '0\r\n\r\n'],
  ['a coding behind a control character', 'Transfer-Encoding: \u000bchunked', '0\r\n\r\n'],
  ['a blank before the colon', 'Transfer-Encoding : chunked', '0\r\n\r\n'],
  ['a header that begins with a blank', ' Transfer-Encoding: chunked', '0\r\n\r\n'],
  ['a header without a name', ': chunked', ''],
  ['a header with a bare CR', 'X-A: 1\rTransfer-Encoding: chunked', ''],
  ['a header with a bare LF', 'X-A: 1\nTransfer-Encoding: chunked\r\nContent-Length: 0', ''],
  ['a header with a NUL', 'X-A: \u0000', ''],
  ['a chunk size that is no number', 'Transfer-Encoding: chunked', 'z\r\nabc\r\n0\r\n\r\n'],
  ['a chunk that is longer than it says', 'Transfer-Encoding: chunked', '2\r\nabcd\r\n0\r\n\r\n'],
  ['a chunk that ends in a bare LF', 'Transfer-Encoding: chunked', '3\r\nabc\n0\r\n\r\n'],
  ['a chunk size that overflows', 'Transfer-Encoding: chunked', '10000000000000003\r\nabc\r\n0\r\n\r\n'],
])('attack 22: %s is refused and nothing of it becomes a request', async (_what, lines, body) => {
  const { seen, host, raw } = await start();
  const answer = await raw(`${post(host, lines, body)}GET /smuggled HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(seen.some((request) => request.includes('/smuggled'))).toBe(false);
});

test('attack 22: chunk extensions do not reach the backend', async () => {
  const { seen, host, raw } = await start();
  const answer = await raw(
    post(host, 'Connection: close\r\nTransfer-Encoding: chunked', '3;x="\\r\\n0"\r\nabc\r\n0\r\n\r\n'),
  );
  expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  expect(seen).toEqual(['POST /a abc']);
});

test('attack 22: a body ends where its length says, and what follows is a request of its own', async () => {
  const { seen, host, raw } = await start();
  const two = `${post(host, 'Content-Length: 3', 'abc')}GET /next HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
  expect((await raw(two)).match(/HTTP\/1\.1 200/g)).toHaveLength(2);
  expect(seen).toEqual(['POST /a abc', 'GET /next ']);
});

test('attack 22: a GET, HEAD or DELETE with a body in chunks is one request for the backend', async () => {
  const { seen, host, raw } = await start();
  const hidden = 'GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n';
  const chunk = `${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n`;
  for (const method of ['GET', 'HEAD', 'DELETE', 'OPTIONS'])
    await raw(
      `${method} /a HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}`,
    );
  expect(seen).toEqual(['GET', 'HEAD', 'DELETE', 'OPTIONS'].map((method) => `${method} /a ${hidden}`));
});

test('headers that are too large are refused before anybody reads them', async () => {
  const { seen, host, raw } = await start();
  const answer = await raw(`GET / HTTP/1.1\r\nHost: ${host}\r\nX-Big: ${'x'.repeat(20_000)}\r\n\r\n`);
  expect(answer).toMatch(/^HTTP\/1\.1 4(00|31) /);
  expect(seen).toEqual([]);
});

test('CONNECT is refused', async () => {
  const { seen, raw } = await start();
  expect(await raw('CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: 127.0.0.1:22\r\n\r\n')).toMatch(
    /^HTTP\/1\.1 405 /,
  );
  expect(seen).toEqual([]);
});
