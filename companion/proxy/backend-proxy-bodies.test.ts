import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { call, echo, proxiesOfEachTest, seenBy } from './testing/proxy-calls.ts';
import { httpBackend } from './testing/proxy-fixture.ts';

const start = proxiesOfEachTest();

describe('bodies', () => {
  test('attack 22: a DELETE in chunks arrives as one request', async () => {
    const seen: string[] = [];
    const fixture = await start(
      httpBackend(async (request, response) => {
        seen.push(`${request.method} ${request.url} ${await text(request)}`);
        response.end();
      }),
    );
    const smuggled = 'GET /smuggled HTTP/1.1\r\nhost: x\r\n\r\n';
    await call(fixture, { method: 'DELETE', headers: { 'transfer-encoding': 'chunked' }, body: smuggled });
    await call(fixture);
    expect(seen).toEqual([`DELETE / ${smuggled}`, 'GET / ']);
  });

  test.each(['GET', 'POST', 'OPTIONS'])('a body of %s in chunks arrives whole', async (method) => {
    const fixture = await start(echo());
    const answer = await call(fixture, {
      method,
      headers: { 'transfer-encoding': 'chunked' },
      body: 'hello',
    });
    expect(seenBy(answer).body).toBe('hello');
  });

  test('an upload streams: the backend reads before the browser is done, and is not run over', async () => {
    const size = 64 * 1024 * 1024;
    let received = 0;
    const { promise: firstSeen, resolve: sawFirst } = Promise.withResolvers<void>();
    const { promise: mayRead, resolve: letRead } = Promise.withResolvers<void>();
    const fixture = await start(
      httpBackend(async (request, response) => {
        sawFirst();
        await mayRead;
        for await (const chunk of request) received += (chunk as Buffer).length;
        response.end(String(received));
      }),
    );
    const request = http.request({
      host: '127.0.0.1',
      port: fixture.port,
      method: 'POST',
      agent: false,
      headers: { host: fixture.host, 'content-length': size },
    });
    const chunk = Buffer.alloc(1024 * 1024);
    let written = 0;
    let stalled = false;
    const pump = () => {
      while (written < size) {
        written += chunk.length;
        if (!request.write(chunk)) return void request.once('drain', pump);
      }
      request.end();
    };
    pump();
    await firstSeen;
    // Nobody reads: what is on its way fills the sockets' buffers and then stops.
    let last = -1;
    while (last !== written) {
      last = written;
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    stalled = written < size;
    letRead();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    expect(await text(response)).toBe(String(size));
    expect(stalled).toBe(true);
  });

  test('a download waits for a browser that does not read', async () => {
    const chunk = Buffer.alloc(1024 * 1024);
    let written = 0;
    const total = 64;
    const fixture = await start(
      httpBackend((_request, response) => {
        const pump = () => {
          while (written < total) {
            written += 1;
            if (!response.write(chunk)) return void response.once('drain', pump);
          }
          response.end();
        };
        pump();
      }),
    );
    const request = http.get({
      host: '127.0.0.1',
      port: fixture.port,
      agent: false,
      headers: { host: fixture.host },
    });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    let last = -1;
    while (last !== written) {
      last = written;
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    expect(written).toBeLessThan(total);
    let bytes = 0;
    for await (const part of response) bytes += (part as Buffer).length;
    expect(bytes).toBe(total * chunk.length);
  });

  test('server-sent events: the head comes before the first event, each event at once', async () => {
    const { promise: backendResponse, resolve } = Promise.withResolvers<http.ServerResponse>();
    const fixture = await start(
      httpBackend((_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.flushHeaders();
        resolve(response);
      }),
    );
    const request = http.get({
      host: '127.0.0.1',
      port: fixture.port,
      agent: false,
      headers: { host: fixture.host },
    });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    const source = await backendResponse;
    for (const event of ['data: 1\n\n', 'data: 2\n\n']) {
      source.write(event);
      const [chunk] = (await once(response, 'data')) as [Buffer];
      expect(String(chunk)).toBe(event);
    }
    request.destroy();
    await once(source, 'close');
    expect(fixture.held()).toBe(0);
  });

  test('trailers go through, both ways, without those that frame or route', async () => {
    const fixture = await start(
      httpBackend(async (request, response) => {
        await text(request);
        response.writeHead(200, { trailer: 'x-sum' });
        response.write('body');
        response.addTrailers({
          'x-sum': String(request.trailers['x-given']),
          'x-forwarded-for': '6.6.6.6',
          'set-cookie': 'a=1',
        });
        response.end();
      }),
    );
    const request = http.request({
      host: '127.0.0.1',
      port: fixture.port,
      method: 'POST',
      agent: false,
      headers: { host: fixture.host, 'transfer-encoding': 'chunked', trailer: 'x-given' },
    });
    request.write('x');
    request.addTrailers({ 'x-given': '42' });
    request.end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    await text(response);
    expect(response.trailers).toEqual({ 'x-sum': '42' });
  });

  test('HEAD keeps the length, 204 and 304 have no body', async () => {
    const fixture = await start(
      httpBackend((request, response) => {
        const status = Number(request.url?.slice(1)) || 200;
        response.writeHead(status, status === 200 ? { 'content-length': 10 } : {});
        response.end(status === 200 && request.method !== 'HEAD' ? '0123456789' : undefined);
      }),
    );
    const head = await call(fixture, { method: 'HEAD' });
    expect(head).toMatchObject({ status: 200, body: '' });
    expect(head.headers['content-length']).toBe('10');
    for (const path of ['/204', '/304']) {
      const { headers, body } = await call(fixture, { path });
      expect(body).toBe('');
      expect(headers).not.toHaveProperty('transfer-encoding');
    }
  });

  test('Expect: 100-continue is answered, and the body arrives', async () => {
    const fixture = await start(echo());
    const request = http.request({
      host: '127.0.0.1',
      port: fixture.port,
      method: 'POST',
      agent: false,
      headers: { host: fixture.host, expect: '100-continue', 'content-length': 5 },
    });
    request.flushHeaders();
    await once(request, 'continue');
    request.end('hello');
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    expect(JSON.parse(await text(response)).body).toBe('hello');
    expect(
      await fixture.raw(
        `POST / HTTP/1.1\r\nhost: ${fixture.host}\r\nexpect: tea\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`,
      ),
    ).toMatch(/^HTTP\/1\.1 417/);
  });
});
