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

const hello = (frameId: string) =>
  JSON.stringify({ type: 'hello', frameId, session: 's', revision: 0, vendor: '' });
const HELLO = hello('f1');
const SOON = () => AbortSignal.timeout(5_000);

async function connect(headers: Record<string, string> = {}): Promise<WebSocket> {
  const socket = new WebSocket(url, { headers });
  await once(socket, 'open');
  return socket;
}

async function greet(headers: Record<string, string> = {}, frameId = 'f1'): Promise<WebSocket> {
  const socket = await connect(headers);
  socket.send(hello(frameId));
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
    const sockets = await Promise.all(Array.from({ length: 50 }, () => connect()));
    const socket = new WebSocket(url);
    const [error] = await once(socket, 'error');
    expect(String(error)).toContain('503');
    for (const each of sockets) each.terminate();
  });

  it('asks the page that is named, and takes the answer from it alone', async () => {
    const asked = await greet({ origin: url.replace('ws:', 'http:') });
    const other = await greet({ origin: url.replace('ws:', 'http:') }, 'f2');
    const heard: unknown[] = [];
    other.on('message', (data) => heard.push(String(data)));
    const message = once(asked, 'message');
    const evaluation = live.evaluate('f1', '1 + 1', SOON());
    const { id, ...question } = JSON.parse(String((await message)[0]));
    expect(question).toEqual({ type: 'evaluate', source: '1 + 1' });
    const answer = (text: string, name = id) =>
      JSON.stringify({ type: 'evaluated', id: name, thrown: false, value: { type: 'number', text } });
    other.send(answer('666'));
    asked.send(
      answer(
        '667',
        '6f8f57715090da2632453988d9a1501b'.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-4000-8000-$5'),
      ),
    );
    const pong = once(other, 'pong');
    other.ping();
    await pong;
    asked.send(answer('2'));
    expect(await evaluation).toEqual({ thrown: false, value: { type: 'number', text: '2' } });
    expect(heard).toEqual([]);
  });

  it('does not ask a page of another origin, which the configuration may have let in', async () => {
    await greet({ origin: 'http://elsewhere.example' });
    await greet({});
    await expect(live.evaluate('f1', 'secret', SOON())).rejects.toMatchObject({ code: 'PAGE_UNKNOWN' });
  });

  it('gives up on a page that leaves, that is silent, and that has too much to answer', async () => {
    const page = await greet({ origin: url.replace('ws:', 'http:') });
    const silent = live.evaluate('f1', 'for (;;);', AbortSignal.timeout(20));
    await expect(silent).rejects.toMatchObject({ code: 'PAGE_SILENT' });
    const open = Array.from({ length: 8 }, () => live.evaluate('f1', 'x', SOON()));
    await expect(live.evaluate('f1', 'x', SOON())).rejects.toMatchObject({ code: 'PAGE_BUSY' });
    page.terminate();
    for (const each of await Promise.allSettled(open))
      expect(each).toMatchObject({ reason: { code: 'PAGE_GONE' } });
    await expect(live.evaluate('f1', 'x', SOON())).rejects.toMatchObject({ code: 'PAGE_UNKNOWN' });
  });
});
