import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import { Duplex } from 'node:stream';
import { describe, expect, test, vi } from 'vitest';
import { VitrineError } from '#shared/errors.ts';
import { call, echo, proxiesOfEachTest, seenBy } from './testing/proxy-calls.ts';
import { httpBackend, type ProxyFixture, rawBackend } from './testing/proxy-fixture.ts';

const start = proxiesOfEachTest();

/** Asks as a page does that is left before the answer ends. */
async function leaveAtHead(fixture: ProxyFixture): Promise<void> {
  const { port, host } = fixture;
  const request = http.get({ host: '127.0.0.1', port, agent: false, headers: { host } });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.on('error', () => undefined);
  request.destroy();
}

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

  test('has its stream left by the page: cancelled, no failure', async () => {
    const fixture = await start(
      httpBackend((_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write('data: 1\n\n');
      }),
    );
    await leaveAtHead(fixture);
    await vi.waitFor(() => {
      const [row] = fixture.log.list().requests;
      expect(row).toMatchObject({ cancelled: true, error: undefined, status: 200 });
    });
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
