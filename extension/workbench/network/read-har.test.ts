import { describe, expect, it } from 'vitest';
import { readHar } from './read-har.ts';

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
  it('becomes requests like those of the companion', () => {
    const [request] = readHar(JSON.stringify({ log: { version: '1.2', entries: [entry] } }));
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

  it('may hold binary bodies and requests without an answer', () => {
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
    const [first, second] = readHar(`\uFEFF${JSON.stringify(source)}`);
    expect(first?.responseBody?.text).toBeNull();
    expect(second).toMatchObject({ status: undefined, error: 'net::ERR_FAILED' });
  });

  it.each(['', '{', '[]', '{"log":{"entries":[{"request":1}]}}', '{"log":{"entries":{}}}'])(
    'that is none is refused: %s',
    (source) => {
      expect(() => readHar(source)).toThrow(expect.objectContaining({ code: 'HAR_INVALID' }));
    },
  );
});
