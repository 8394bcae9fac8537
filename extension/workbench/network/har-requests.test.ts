import { describe, expect, it } from 'vitest';
import type { NetworkRequestDetail } from '#shared/api/network.ts';
import { NotHarError, readHar } from './har-requests.ts';
import { MAX_HAR_BYTES, readHarFile } from './read-har-file.ts';

function requestsIn(source: string): NetworkRequestDetail[] {
  const requests: NetworkRequestDetail[] = [];
  readHar(source, (request) => requests.push(request));
  return requests;
}

const entry = {
  startedDateTime: '2026-01-02T03:04:05.000Z',
  time: 41.5,
  request: {
    method: 'POST',
    url: 'http://cart.localhost:4000/api/cart',
    httpVersion: 'HTTP/1.1',
    headers: [{ name: 'accept', value: '*/*' }],
    postData: { mimeType: 'application/json', text: '{}' },
  },
  response: {
    status: 201,
    statusText: 'Created',
    headers: [],
    content: { size: 2, mimeType: 'application/json', text: '{}' },
  },
  timings: { blocked: -1, send: 0, wait: 40, receive: 1.5 },
};

describe('a HAR file', () => {
  it('becomes requests like those of the companion', async () => {
    const [request] = requestsIn(JSON.stringify({ log: { version: '1.2', entries: [entry] } }));
    expect(request).toMatchObject({
      id: 1,
      status: 201,
      httpVersion: '1.1',
      requestHeaders: [['accept', '*/*']],
      timings: { send: 0, wait: 40, receive: 1.5 },
      responseBody: { text: '{}' },
    });
    expect(request?.timings).not.toHaveProperty('blocked');
  });

  it('may hold binary bodies and requests without an answer', async () => {
    const binary = {
      ...entry.response,
      content: { mimeType: 'image/png', text: 'AA==', encoding: 'base64' },
    };
    const failed = { ...entry.response, status: 0, statusText: 'net::ERR_FAILED' };
    const source = {
      log: {
        entries: [
          { ...entry, response: binary },
          { ...entry, response: failed },
        ],
      },
    };
    const [first, second] = requestsIn(`\uFEFF${JSON.stringify(source)}`);
    expect(first?.responseBody?.text).toBeNull();
    expect(second).toMatchObject({ status: undefined, error: 'net::ERR_FAILED' });
  });

  it('tells what the page gave up from what failed', async () => {
    const aborted = { ...entry.response, status: 0, statusText: '', _error: 'net::ERR_ABORTED' };
    const [request] = requestsIn(JSON.stringify({ log: { entries: [{ ...entry, response: aborted }] } }));
    expect(request).toMatchObject({ cancelled: true, error: undefined, status: undefined });
  });

  it('of Chrome has frames, errors and types with parameters', async () => {
    const socket = {
      ...entry,
      _initiator: { type: 'script', stack: { callFrames: [] } },
      _resourceType: 'websocket',
      _webSocketMessages: [
        { type: 'send', time: 1_700_000_000.5, opcode: 1, data: 'hello' },
        { type: 'receive', time: 1_700_000_001, opcode: 2, data: 'AAA=' },
      ],
      request: { ...entry.request, url: 'wss://shop.example/live', postData: undefined, headersSize: -1 },
      response: { ...entry.response, status: 101, content: { size: 0, mimeType: 'x-unknown' } },
    };
    const blocked = {
      ...entry,
      time: null,
      response: { ...entry.response, status: 0, statusText: '', _error: 'net::ERR_BLOCKED_BY_CLIENT' },
      timings: { blocked: null, dns: -1, ssl: -1, connect: -1, send: 0, wait: 1.5, receive: 0 },
    };
    const [first, second] = requestsIn(JSON.stringify({ log: { entries: [socket, blocked] } }));
    expect(first).toMatchObject({ kind: 'websocket', status: 101, mimeType: undefined });
    expect(first?.frames).toEqual([
      { at: 1_700_000_000_500, direction: 'sent', opcode: 1, bytes: 5, text: 'hello' },
      { at: 1_700_000_001_000, direction: 'received', opcode: 2, bytes: 4, text: 'AAA=' },
    ]);
    expect(second).toMatchObject({ error: 'net::ERR_BLOCKED_BY_CLIENT', durationMs: 0 });
    expect(second?.timings).toEqual({ send: 0, wait: 1.5, receive: 0 });
  });

  it('of Firefox leaves out what it does not know, and encodes text', async () => {
    const json = {
      startedDateTime: '2026-01-02T03:04:05.000+01:00',
      time: 7,
      request: { method: 'GET', url: 'https://shop.example/a', headers: null, bodySize: 0, cookies: [] },
      response: {
        status: 200,
        headers: [],
        content: {
          mimeType: 'application/json; charset=utf-8',
          size: 8,
          encoding: 'base64',
          text: Buffer.from('{"ü":1}').toString('base64'),
        },
      },
      cache: {},
    };
    const blocked = { ...json, response: {}, timings: null };
    const [first, second] = requestsIn(JSON.stringify({ log: { entries: [json, blocked] } }));
    expect(first).toMatchObject({
      startedAt: Date.UTC(2026, 0, 2, 2, 4, 5),
      requestHeaders: [],
      mimeType: 'application/json',
      responseBody: { text: '{"ü":1}' },
    });
    expect(second).toMatchObject({ status: undefined, timings: {}, responseBody: undefined });
  });

  it('that means harm is cut to what can be shown; what is no request in it is left out', async () => {
    const long = 'x'.repeat(1_000_000);
    const hostile = {
      ...entry,
      request: { ...entry.request, url: `https://a.example/${long}`, headers: [{ name: long, value: long }] },
    };
    const junk = [null, 1, 'x', [], { request: 1 }, { ...entry, request: { method: 'GET' } }];
    const [first, ...others] = requestsIn(JSON.stringify({ log: { entries: [...junk, hostile] } }));
    expect(others).toEqual([]);
    expect(JSON.stringify(first).length).toBeLessThan(50_000);
    const many = { log: { entries: Array.from({ length: 20_000 }, () => entry) } };
    expect(requestsIn(JSON.stringify(many)).length).toBe(10_000);
  });

  it('that is too large is refused unread', async () => {
    const file = new Blob([]);
    Object.defineProperty(file, 'size', { value: MAX_HAR_BYTES + 1 });
    file.text = () => Promise.reject(new Error('was read'));
    await expect(readHarFile(file, new AbortController().signal, () => undefined)).rejects.toMatchObject({
      code: 'HAR_INVALID',
    });
  });

  it.each(['', '{', '[]', '{"log":{"entries":[{"request":1}]}}', '{"log":{"entries":{}}}'])(
    'that is none is refused: %s',
    async (source) => {
      expect(() => requestsIn(source)).toThrow(NotHarError);
    },
  );
});
