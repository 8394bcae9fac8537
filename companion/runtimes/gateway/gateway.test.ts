import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { connectThroughGateway } from './client.ts';
import { type GatewayAddress, startGateway } from './server.ts';

const SECRET = 'gateway-secret';

async function gatewayOn(listen?: GatewayAddress): Promise<GatewayAddress> {
  const directory = await mkdtemp(join(tmpdir(), 'vitrine-gateway-'));
  const gateway = await startGateway({
    secret: SECRET,
    listen: listen ?? { socket: join(directory, 'g.sock') },
  });
  onTestFinished(async () => {
    await gateway.close();
    await rm(directory, { recursive: true, force: true });
  });
  return gateway.address;
}

async function serve(onConnection: (socket: Socket) => void, host = '127.0.0.1'): Promise<number> {
  const sockets = new Set<Socket>();
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    onConnection(socket);
  });
  server.listen({ port: 0, host, backlog: 4096 });
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** Unlike events.once, takes an error before it for what it is: part of being broken. */
const closed = (stream: Duplex | undefined) =>
  new Promise<void>((resolve) => stream?.once('close', () => resolve()));

/** Sends raw text to the gateway and returns all it answers. */
async function raw(address: GatewayAddress, text: string): Promise<string> {
  const socket = 'socket' in address ? connect(address.socket) : connect(address.port, '127.0.0.1');
  socket.end(text);
  return (await buffer(socket)).toString('latin1');
}

const request = (target: string, secret = SECRET, method = 'CONNECT') =>
  `${method} ${target} HTTP/1.1\r\nhost: x\r\nx-isolated-auth: ${secret}\r\n\r\n`;

test.each([
  ['a wrong secret', request('127.0.0.1:80', 'gateway-secreT'), 403],
  ['no secret', 'CONNECT 127.0.0.1:80 HTTP/1.1\r\nhost: x\r\n\r\n', 403],
  ['another host', request('10.0.0.1:80'), 400],
  ['a host name', request('localhost:80'), 400],
  ['a port out of range', request('127.0.0.1:70000'), 400],
  ['another method', request('/', SECRET, 'GET'), 405],
])('%s is refused', async (_what, text, status) => {
  expect(await raw(await gatewayOn(), text)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
});

test('what is not HTTP is cut off', async () => {
  expect(await raw(await gatewayOn(), '\x16\x03\x01 not http\r\n\r\n')).toBe('');
});

test('a port where nothing listens is 502 and names ECONNREFUSED', async () => {
  const port = await serve(() => {});
  const address = await gatewayOn();
  const free = port === 1 ? 2 : 1;
  expect(await raw(address, request(`127.0.0.1:${free}`))).toContain('x-vitrine-error: ECONNREFUSED');
  const connecting = connectThroughGateway({ address, secret: SECRET, port: free });
  await expect(connecting).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('a service on ::1 only is reached as well', async () => {
  const port = await serve((socket) => socket.end('six'), '::1');
  const connection = await connectThroughGateway({ address: await gatewayOn(), secret: SECRET, port });
  expect((await buffer(connection)).toString()).toBe('six');
});

test('it works over TCP too', async () => {
  const port = await serve((socket) => socket.end('tcp'));
  const connection = await connectThroughGateway({
    address: await gatewayOn({ port: 0 }),
    secret: SECRET,
    port,
  });
  expect((await buffer(connection)).toString()).toBe('tcp');
});

test('who has ended its half still reads the other', async () => {
  const port = await serve((socket) => {
    let received = 0;
    socket.on('data', (chunk) => {
      received += chunk.length;
    });
    socket.on('end', () => socket.end(`got ${received}`));
  });
  const connection = await connectThroughGateway({ address: await gatewayOn(), secret: SECRET, port });
  connection.end(Buffer.alloc(100_000));
  expect((await buffer(connection)).toString()).toBe('got 100000');
});

test('a slow reader holds the sender back', async () => {
  let sent = 0;
  const port = await serve((socket) => {
    const chunk = Buffer.alloc(64 * 1024);
    const fill = () => {
      while (sent < 64e6 && socket.write(chunk)) sent += chunk.length;
    };
    socket.on('drain', fill);
    fill();
  });
  const connection = await connectThroughGateway({ address: await gatewayOn(), secret: SECRET, port });
  connection.pause();
  let before = -1;
  await expect
    .poll(
      () => {
        const settled = sent === before;
        before = sent;
        return settled;
      },
      { interval: 150 },
    )
    .toBe(true);
  expect(sent).toBeLessThan(20e6);
  connection.destroy();
});

test('a connection that one side breaks ends for the other', async () => {
  let upstream: Socket | undefined;
  const port = await serve((socket) => {
    upstream = socket.resume();
    // Goes on writing, as a stream of events does, whether or not it was told that nobody sends any more.
    const timer = setInterval(() => socket.write('hello'), 5);
    socket.on('close', () => clearInterval(timer));
  });
  const address = await gatewayOn();
  const broken = await connectThroughGateway({ address, secret: SECRET, port });
  await once(broken, 'data');
  broken.destroy();
  await closed(upstream);

  const other = await connectThroughGateway({ address, secret: SECRET, port });
  await once(other, 'data');
  upstream?.resetAndDestroy();
  await closed(other);
});

test('600 connections at the same moment all pass', async () => {
  const port = await serve((socket) => socket.pipe(socket));
  const address = await gatewayOn();
  const answers = await Promise.all(
    Array.from({ length: 600 }, async (_unused, index) => {
      const connection = await connectThroughGateway({ address, secret: SECRET, port });
      connection.end(`message ${index}`);
      return (await buffer(connection)).toString();
    }),
  );
  expect(answers).toEqual(Array.from({ length: 600 }, (_unused, index) => `message ${index}`));
});

test('HTTP with kept connections and WebSockets pass', async () => {
  const server = http.createServer((_request, response) => response.end('page'));
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => socket.on('message', (data) => socket.send(`echo ${data}`)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    sockets.close();
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const address = await gatewayOn();

  const agent = new http.Agent({ keepAlive: true });
  agent.createConnection = (_options, callback) => {
    void connectThroughGateway({ address, secret: SECRET, port }).then((stream) => callback?.(null, stream));
    return undefined;
  };
  const page = () =>
    new Promise<http.IncomingMessage>((resolve, reject) => {
      http.get({ agent, host: 'app.localhost' }, resolve).on('error', reject);
    });
  for (let round = 0; round < 3; round += 1) expect(String(await buffer(await page()))).toBe('page');
  expect(Object.values(agent.freeSockets).flat()).toHaveLength(1);
  // A connection that the service ends while it is idle must not be used again.
  server.closeIdleConnections();
  await expect.poll(() => Object.values(agent.freeSockets).flat()).toEqual([]);
  expect(String(await buffer(await page()))).toBe('page');
  agent.destroy();

  const connection = await connectThroughGateway({ address, secret: SECRET, port });
  const socket = new WebSocket('ws://app.localhost/', {
    // ws takes any duplex stream; its type asks for what net returns.
    createConnection: () => connection as Socket,
  });
  await once(socket, 'open');
  socket.send('x'.repeat(200_000));
  const [data] = await once(socket, 'message');
  expect(String(data)).toHaveLength(200_005);
  socket.close();
  await once(socket, 'close');
});

test('an abort rejects with its reason and leaves no connection', async () => {
  const hanging = createServer((socket) => void socket.resume());
  const directory = await mkdtemp(join(tmpdir(), 'vitrine-gateway-'));
  hanging.listen(join(directory, 's'));
  await once(hanging, 'listening');
  onTestFinished(async () => {
    hanging.close();
    await rm(directory, { recursive: true, force: true });
  });
  const address = { socket: join(directory, 's') };
  const abort = new AbortController();
  const connecting = connectThroughGateway({ address, secret: SECRET, port: 80, signal: abort.signal });
  abort.abort(new Error('no longer wanted'));
  await expect(connecting).rejects.toThrow('no longer wanted');

  const late = connectThroughGateway({ address, secret: SECRET, port: 80, deadlineMs: 50 });
  await expect(late).rejects.toMatchObject({ code: 'POD_UNREACHABLE' });
  await expect
    .poll(() => new Promise((resolve) => hanging.getConnections((_error, count) => resolve(count))))
    .toBe(0);
});

test('a gateway that is gone is not taken for a service that does not listen yet', async () => {
  const connecting = connectThroughGateway({
    address: { socket: '/nonexistent/g.sock' },
    secret: SECRET,
    port: 80,
  });
  await expect(connecting).rejects.toMatchObject({ code: 'POD_UNREACHABLE' });
});
