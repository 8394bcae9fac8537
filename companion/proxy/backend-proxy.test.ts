import { once } from 'node:events';
import http, { type IncomingMessage, type RequestOptions } from 'node:http';
import { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from 'vitest';
import { VitrineError } from '#shared/errors.ts';
import { httpBackend, type ProxyFixture, rawBackend, SECRET, startProxy } from './testing/proxy-fixture.ts';

const opened: ProxyFixture[] = [];
afterEach(async () => {
  for (const fixture of opened.splice(0)) await fixture.close();
});

async function start(...args: Parameters<typeof startProxy>): Promise<ProxyFixture> {
  const fixture = await startProxy(...args);
  opened.push(fixture);
  return fixture;
}

interface Answer extends Pick<IncomingMessage, 'headers' | 'rawTrailers'> {
  status: number;
  body: string;
}

async function call(
  fixture: ProxyFixture,
  options: RequestOptions & { body?: string } = {},
): Promise<Answer> {
  const { body, ...rest } = options;
  const request = http.request({
    host: '127.0.0.1',
    port: fixture.port,
    agent: false,
    ...rest,
    headers: { host: fixture.host, ...rest.headers },
  });
  request.end(body);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const content = await text(response);
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    rawTrailers: response.rawTrailers,
    body: content,
  };
}

const seenBy = (answer: Answer) =>
  JSON.parse(answer.body) as { headers: Record<string, string>; url: string; body: string };

/** Answers with what it got. */
const echo = () =>
  httpBackend(async (request, response) => {
    const body = await text(request);
    response.end(
      JSON.stringify({ url: request.url, headers: request.headers, body, trailers: request.trailers }),
    );
  });

describe('headers', () => {
  test('what ends at this hop ends here, both ways, with what Connection names', async () => {
    const fixture = await start(
      httpBackend((request, response) => {
        response.setHeader('connection', 'x-hop, keep-alive');
        response.setHeader('x-hop', '1');
        response.setHeader('proxy-authenticate', 'Basic');
        response.end(JSON.stringify({ headers: request.headers }));
      }),
    );
    const answer = await call(fixture, {
      headers: {
        connection: 'close, x-mine, host, content-length',
        'x-mine': '1',
        'proxy-authorization': 'x',
        te: 'gzip',
      },
    });
    const { headers } = seenBy(answer);
    expect(headers).not.toHaveProperty('x-mine');
    expect(headers).not.toHaveProperty('proxy-authorization');
    expect(headers).not.toHaveProperty('te');
    expect(headers.host).toBe(fixture.host);
    expect(answer.headers).not.toHaveProperty('x-hop');
    expect(answer.headers).not.toHaveProperty('proxy-authenticate');
  });

  test('attack 12: what a browser says of forwarding is replaced by what is true', async () => {
    const fixture = await start(echo());
    const { headers } = seenBy(
      await call(fixture, {
        headers: {
          'x-forwarded-for': '6.6.6.6',
          'x-forwarded-host': 'evil.example',
          'x-forwarded-proto': 'https',
          'x-forwarded-user': 'admin',
          forwarded: 'for=6.6.6.6',
          'x-isolated-auth': 'guess',
        },
      }),
    );
    expect(headers).toMatchObject({
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-host': fixture.host,
      'x-forwarded-proto': 'http',
      'x-forwarded-port': String(fixture.port),
      'x-isolated-auth': SECRET,
    });
    expect(headers).not.toHaveProperty('forwarded');
    expect(headers).not.toHaveProperty('x-forwarded-user');
    expect(headers.via).toMatch(/^1\.1 vitrine-[0-9a-f]{12}$/);
  });

  test('the path arrives as it was written', async () => {
    const fixture = await start(echo());
    const path = '/a/../b//c/%2e%2e/?x=%2F&y=?z';
    expect(seenBy(await call(fixture, { path })).url).toBe(path);
  });

  test('redirects to the backend’s own address lead to the preview', async () => {
    const fixture = await start(
      httpBackend((request, response) => {
        const port = request.socket.localPort;
        response.writeHead(302, {
          location: `http://localhost:${port}/in?x=1`,
          refresh: `3; url=http://127.0.0.1:${port}/`,
        });
        response.end();
      }),
    );
    const { headers } = await call(fixture);
    expect(headers.location).toBe(`http://${fixture.host}/in?x=1`);
    expect(headers.refresh).toBe(`3; url=http://${fixture.host}/`);
  });

  test('several Set-Cookie lines stay several, without Domain', async () => {
    const fixture = await start(
      httpBackend((_request, response) => {
        response.setHeader('set-cookie', ['a=1; Domain=x.example', 'b=2']);
        response.end();
      }),
    );
    const { headers } = await call(fixture);
    expect(headers['set-cookie']).toEqual([
      'a=1; Secure; SameSite=None; Partitioned',
      'b=2; Secure; SameSite=None; Partitioned',
    ]);
  });
});

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

describe('connections', () => {
  test('are kept, for many requests', async () => {
    const fixture = await start(echo());
    for (let i = 0; i < 5; i++) await call(fixture);
    expect(fixture.connections()).toBe(1);
    expect(fixture.held()).toBe(0);
  });

  test('one that the backend closes just as it is used again is replaced, for requests that may be repeated', async () => {
    let answered = 0;
    const fixture = await start(
      rawBackend((socket) => {
        let requests = 0;
        socket.on('data', () => {
          requests += 1;
          if (requests > 1) return void socket.resetAndDestroy();
          answered += 1;
          socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
        });
      }),
    );
    expect((await call(fixture)).body).toBe('ok');
    expect((await call(fixture)).body).toBe('ok');
    expect(answered).toBe(2);
    const post = await call(fixture, { method: 'POST', headers: { 'content-length': 1 }, body: 'x' });
    expect(post.status).toBe(502);
  });

  test('a replica that cannot be reached is chosen anew once, before anything is sent', async () => {
    let choices = 0;
    const fixture = await start(echo(), {
      choose: async (usual) => {
        choices += 1;
        const replica = usual();
        if (choices > 1) return replica;
        return { ...replica, key: 'dead', connect: () => Promise.reject(new Error('gone')) };
      },
    });
    const answer = await call(fixture, { method: 'POST', headers: { 'content-length': 5 }, body: 'hello' });
    expect(seenBy(answer).body).toBe('hello');
    expect(choices).toBe(2);
    expect(fixture.held()).toBe(0);
  });
});

describe('a backend that', () => {
  test('speaks something else is an error that says so', async () => {
    const fixture = await start(rawBackend((socket) => void socket.end('SSH-2.0-OpenSSH_9.2\r\n')));
    const { status, body } = await call(fixture);
    expect(status).toBe(502);
    expect(JSON.parse(body).error.code).toBe('BACKEND_GARBLED');
  });

  test('hangs up without an answer is an error', async () => {
    const fixture = await start(rawBackend((socket) => void socket.once('data', () => socket.destroy())));
    const { status, body } = await call(fixture);
    expect(status).toBe(502);
    expect(JSON.parse(body).error.code).toBe('BACKEND_UNREACHABLE');
    expect(fixture.held()).toBe(0);
  });

  test('is cut off by an abort, whose error has a number for a code, is an error like others', async () => {
    const connect = async () => {
      const connection = new Duplex({
        read() {},
        write() {
          connection.destroy(new DOMException('This operation was aborted', 'AbortError'));
        },
      });
      return connection;
    };
    const fixture = await start(echo(), {
      choose: async (usual) => ({ ...usual(), key: 'aborted', connect }),
    });
    const { status, body } = await call(fixture);
    expect(status).toBe(502);
    expect(JSON.parse(body).error.code).toBe('BACKEND_UNREACHABLE');
  });

  test('breaks off in the middle is seen as broken, never as whole', async () => {
    const fixture = await start(
      rawBackend((socket) => {
        socket.once('data', () => {
          socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf');
          setImmediate(() => socket.resetAndDestroy());
        });
      }),
    );
    await expect(call(fixture)).rejects.toThrow();
    const [row] = fixture.log.list().requests;
    expect(row?.error).toContain('broke off');
  });

  test('answers before the upload is over is heard', async () => {
    const fixture = await start(
      httpBackend((_request, response) => {
        response.writeHead(413);
        response.end('too much');
      }),
    );
    const answer = await call(fixture, {
      method: 'POST',
      headers: { 'content-length': 200_000 },
      body: 'x'.repeat(200_000),
    });
    expect(answer).toMatchObject({ status: 413, body: 'too much' });
  });

  test('starts makes a script wait, and shows a person the page that loads itself again', async () => {
    const { promise: ready, resolve: becomeReady } = Promise.withResolvers<void>();
    const fixture = await start(echo(), {
      choose: async (usual) => {
        await ready;
        return usual();
      },
    });
    const script = call(fixture, { path: '/api' });
    const page = await call(fixture, { headers: { accept: 'text/html', 'sec-fetch-dest': 'document' } });
    expect(page.status).toBe(503);
    expect(page.headers['retry-after']).toBe('1');
    expect(page.body).toContain('http-equiv="refresh"');
    becomeReady();
    expect((await script).status).toBe(200);
    await expect.poll(() => fixture.held()).toBe(0);
  });

  test('will not come is told with its reason', async () => {
    const fixture = await start(echo(), {
      choose: () =>
        Promise.reject(
          new VitrineError({
            code: 'BACKEND_EXITED',
            message: 'It <b>ended</b>.',
            remedy: 'Mend it.',
            status: 502,
          }),
        ),
    });
    const { status, body } = await call(fixture, { headers: { accept: 'text/html' } });
    expect(status).toBe(502);
    expect(body).toContain('It &#60;b&#62;ended');
    expect(JSON.parse((await call(fixture)).body).error).toMatchObject({
      code: 'BACKEND_EXITED',
      remedy: 'Mend it.',
    });
  });
});

test('a request that goes in circles is ended', async () => {
  const fixtureRef: { current?: ProxyFixture } = {};
  const fixture = await start(
    httpBackend(async (request, response) => {
      // A backend that proxies everything to the preview’s own address.
      const again = await call(fixtureRef.current as ProxyFixture, {
        headers: { via: String(request.headers.via) },
      });
      response.statusCode = again.status;
      response.end(again.body);
    }),
  );
  fixtureRef.current = fixture;
  const { status, body } = await call(fixture);
  expect(status).toBe(508);
  expect(JSON.parse(body).error.code).toBe('LOOP_DETECTED');
  expect(fixture.log.list().requests).toHaveLength(4);
});
