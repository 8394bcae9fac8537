import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { LiveServer } from './live-server.ts';

let server: Server;
let live: LiveServer;
let url: string;
const told: unknown[] = [];
const counts: number[] = [];

beforeEach(async () => {
  told.length = 0;
  counts.length = 0;
  live = new LiveServer({
    onGone: () => undefined,
    onHello: () => [{ type: 'error', error: null }],
    onMessage: (message, frameId) => told.push([frameId, message]),
    onPages: (count) => counts.push(count),
  });
  server = createServer().on('upgrade', (request, socket, head) => live.upgrade(request, socket, head));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  url = `ws://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
});
afterEach(async () => {
  live.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const HELLO = JSON.stringify({ type: 'hello', frameId: 'f1', session: 's', revision: 0, vendor: '' });

async function connect(): Promise<WebSocket> {
  const socket = new WebSocket(url);
  await once(socket, 'open');
  return socket;
}

async function greet(): Promise<WebSocket> {
  const socket = await connect();
  socket.send(HELLO);
  await once(socket, 'message');
  return socket;
}

describe('LiveServer', () => {
  it('answers a hello with what was missed, then tells what happens', async () => {
    const socket = await connect();
    socket.send(HELLO);
    expect(String((await once(socket, 'message'))[0])).toBe('{"type":"error","error":null}');
    live.broadcast([{ type: 'reload', reason: 'x' }]);
    expect(String((await once(socket, 'message'))[0])).toContain('"reload"');
    expect(counts).toEqual([1]);
  });

  it('passes on what a page tells under its own name', async () => {
    const socket = await greet();
    socket.send(JSON.stringify({ type: 'route', route: '/cart' }));
    socket.send(JSON.stringify({ type: 'hello', frameId: 'f1', session: 's', revision: 1, vendor: '' }));
    await once(socket, 'message');
    expect(told).toEqual([['f1', { type: 'route', route: '/cart' }]]);
  });

  it.each(['not json', '{"type":"evaluate"}', `{"type":"route","route":"${'x'.repeat(5_000)}"}`])(
    'closes a socket that sends anything else: %.30s',
    async (text) => {
      const socket = await greet();
      socket.send(text);
      expect((await once(socket, 'close'))[0]).toBe(1008);
      expect(told).toEqual([]);
    },
  );

  it('drops a flood', async () => {
    const socket = await greet();
    for (let count = 0; count < 5_000; count += 1)
      socket.send(JSON.stringify({ type: 'route', route: `/${count}` }));
    const pong = once(socket, 'pong');
    socket.ping();
    await pong;
    expect(told.length).toBeLessThan(2_500);
  });

  it('refuses pages beyond its bound', async () => {
    const sockets = await Promise.all(Array.from({ length: 50 }, connect));
    const socket = new WebSocket(url);
    const [error] = await once(socket, 'error');
    expect(String(error)).toContain('503');
    for (const each of sockets) each.terminate();
  });
});
