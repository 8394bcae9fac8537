import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { askInside } from './inner-request.ts';

const never = new AbortController().signal;
const asked = { url: '/a?b', headers: { accept: '*/*' }, maxBytes: 1_000 };

describe('a request within the process', () => {
  it('gets what a handler answers, whichever way it does', async () => {
    const ended = await askInside(
      ({ method, url, headers }, response) => {
        response.setHeader('content-type', 'text/javascript');
        response.setHeader('x-twice', ['1', '2']);
        response.end(`${method} ${url} ${headers.accept}`);
      },
      asked,
      never,
    );
    expect(ended).toMatchObject({
      status: 200,
      headers: { 'content-type': 'text/javascript', 'x-twice': ['1', '2'] },
    });
    expect(ended.body.toString()).toBe('GET /a?b */*');
    const piped = await askInside(
      (_request, response) => {
        response.writeHead(404, { etag: 'W/"x"' });
        Readable.from(['in ', 'parts']).pipe(response);
      },
      asked,
      never,
    );
    expect(piped).toMatchObject({ status: 404, headers: { etag: 'W/"x"' } });
    expect(piped.body.toString()).toBe('in parts');
  });

  it('is a request without a body to handlers that read one', async () => {
    const answer = await askInside(
      (request, response) => void request.resume().once('end', () => response.end('read')),
      asked,
      never,
    );
    expect(answer.body.toString()).toBe('read');
  });

  it('fails when the answer breaks off, is too large, or nobody waits for it', async () => {
    await expect(askInside((_request, response) => void response.destroy(), asked, never)).rejects.toThrow(
      'broke off',
    );
    const large = (_request: unknown, response: { end(text: string): unknown }) =>
      void response.end('x'.repeat(2_000));
    await expect(askInside(large, asked, never)).rejects.toThrow('more than 1000 bytes');
    const left = new AbortController();
    const waiting = askInside(() => undefined, asked, left.signal);
    left.abort();
    await expect(waiting).rejects.toThrow('Nobody waits');
  });
});
