import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { type ProxyFixture, rawBackend, startProxy } from './testing/proxy-fixture.ts';

const opened: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of opened.splice(0)) await end();
});

async function start(...args: Parameters<typeof startProxy>): Promise<ProxyFixture> {
  const fixture = await startProxy(...args);
  opened.push(() => fixture.close());
  return fixture;
}

/** Sends back what it gets; would compress if it were asked to. */
function echoServer(): Server {
  const server = createServer();
  const sockets = new WebSocketServer({ server, perMessageDeflate: { threshold: 0 } });
  sockets.on('connection', (socket) =>
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary })),
  );
  return server;
}

async function open(fixture: ProxyFixture): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${fixture.port}/live?x=1`, {
    headers: { host: fixture.host },
  });
  opened.unshift(() => socket.terminate());
  await once(socket, 'open');
  return socket;
}

const head = (fixture: ProxyFixture, ...lines: string[]) =>
  ['GET /live HTTP/1.1', `Host: ${fixture.host}`, 'Connection: Upgrade', ...lines, '', ''].join('\r\n');
const KEY = 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==';

describe('a WebSocket', () => {
  test('carries what a backend says along with its answer to the handshake', async () => {
    const server = createServer();
    server.on('upgrade', (request, socket) => {
      opened.unshift(() => socket.destroy());
      const accept = createHash('sha1')
        .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
        .digest('base64');
      const answer = `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`;
      socket.write(Buffer.concat([Buffer.from(answer), Buffer.from([0x81, 2]), Buffer.from('hi')]));
    });
    const fixture = await start(server);
    const socket = new WebSocket(`ws://127.0.0.1:${fixture.port}/live`, { headers: { host: fixture.host } });
    opened.unshift(() => socket.terminate());
    const [greeting] = await once(socket, 'message', { signal: AbortSignal.timeout(5_000) });
    expect(String(greeting)).toBe('hi');
  });

  test('carries messages both ways, and its frames are recorded in plain text', async () => {
    const fixture = await start(echoServer());
    const socket = await open(fixture);
    expect(socket.extensions).toBe('');
    socket.send('hello');
    const [echoed] = await once(socket, 'message');
    expect(String(echoed)).toBe('hello');
    socket.send(Buffer.from([0, 1, 2]));
    await once(socket, 'message');
    socket.close(1000, 'bye');
    await once(socket, 'close');
    await expect.poll(() => fixture.log.list().requests[0]?.durationMs).toBeDefined();
    const [row] = fixture.log.list().requests;
    expect(row).toMatchObject({ kind: 'websocket', status: 101, url: '/live?x=1', service: 'backend' });
    const detail = await fixture.log.detail(row?.id ?? 0);
    expect(
      detail?.frames?.map(({ direction, opcode, bytes, text: shown }) => [direction, opcode, bytes, shown]),
    ).toEqual([
      ['sent', 1, 5, 'hello'],
      ['received', 1, 5, 'hello'],
      ['sent', 2, 3, undefined],
      ['received', 2, 3, undefined],
      ['sent', 8, 5, undefined],
      ['received', 8, 5, undefined],
    ]);
    expect(fixture.held()).toBe(0);
  });

  test('big messages pass whole, of which the beginning is kept', async () => {
    const fixture = await start(echoServer());
    const socket = await open(fixture);
    const message = 'ä'.repeat(2_000_000);
    socket.send(message);
    const [echoed] = await once(socket, 'message');
    expect(String(echoed)).toBe(message);
    const detail = await fixture.log.detail(fixture.log.ids()[0] ?? 0);
    const [sent] = detail?.frames ?? [];
    expect(sent?.bytes).toBe(4_000_000);
    expect(sent?.text).toBe('ä'.repeat(2048));
  });

  test('ends for the backend when the browser goes, and for the browser when the backend goes', async () => {
    const backend = echoServer();
    const connections: Socket[] = [];
    backend.on('connection', (socket: Socket) => connections.push(socket));
    const fixture = await start(backend);
    const first = await open(fixture);
    first.terminate();
    const [gone] = connections;
    if (gone && !gone.destroyed) await once(gone, 'close');
    const second = await open(fixture);
    const closed = once(second, 'close');
    connections.at(-1)?.resetAndDestroy();
    await closed;
    await expect.poll(() => fixture.held()).toBe(0);
  });

  test('waits for a backend that starts', async () => {
    const { promise: ready, resolve: becomeReady } = Promise.withResolvers<void>();
    const fixture = await start(echoServer(), {
      choose: async (usual) => {
        await ready;
        return usual();
      },
    });
    const opening = open(fixture);
    becomeReady();
    await opening;
  });
});

describe('attack 22: a handshake', () => {
  const websocket = 'Upgrade: websocket';
  const version = 'Sec-WebSocket-Version: 13';

  test.each([
    ['to another protocol', ['Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQAAP__'], 400],
    ['of another version', [websocket, KEY, 'Sec-WebSocket-Version: 12'], 426],
    ['without a version', [websocket, KEY], 426],
    ['without a key', [websocket, version], 400],
    ['with a key that is none', [websocket, version, 'Sec-WebSocket-Key: abc'], 400],
    ['with a body', [websocket, version, KEY, 'Content-Length: 5'], 400],
    ['with a body in chunks', [websocket, version, KEY, 'Transfer-Encoding: chunked'], 400],
  ])('%s is refused, and what follows it is no request', async (_what, lines, status) => {
    let connections = 0;
    const fixture = await start(
      rawBackend(() => {
        connections += 1;
      }),
    );
    const answer = await fixture.raw(`${head(fixture, ...lines)}GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n`);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
    expect(connections).toBe(0);
    if (status === 426) expect(answer.toLowerCase()).toContain('sec-websocket-version: 13');
  });

  test('that the backend turns down opens nothing: what the browser sends on does not reach it', async () => {
    let received = '';
    const fixture = await start(
      rawBackend((socket) => {
        socket.on('data', (chunk) => {
          received += chunk;
          if (received.includes('\r\n\r\n'))
            socket.write('HTTP/1.1 426 Upgrade Required\r\ncontent-length: 2\r\nconnection: close\r\n\r\nno');
        });
      }),
    );
    const socket = connect(fixture.port, '127.0.0.1');
    socket.write(head(fixture, websocket, version, KEY));
    const [first] = (await once(socket, 'data')) as [Buffer];
    socket.write('GET /internal HTTP/1.1\r\nHost: x\r\n\r\n');
    socket.end();
    expect(String(first) + (await text(socket))).toContain('426');
    expect(received).not.toContain('/internal');
  });

  test('that nobody answers ends with the browser, and leaves nothing behind', async () => {
    const seen = Promise.withResolvers<Socket>();
    const fixture = await start(rawBackend((socket) => socket.once('data', () => seen.resolve(socket))));
    const socket = connect(fixture.port, '127.0.0.1');
    socket.write(head(fixture, websocket, version, KEY));
    const backend = await seen.promise;
    socket.destroy();
    await once(backend, 'close');
    await expect.poll(() => fixture.held()).toBe(0);
  });

  test('to a backend that is not there is told so', async () => {
    const fixture = await start(echoServer(), { choose: () => Promise.reject(new Error('gone')) });
    expect(await fixture.raw(head(fixture, websocket, version, KEY))).toMatch(/^HTTP\/1\.1 502 /);
  });
});
