import { once } from 'node:events';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import type { ChannelEvent } from '#shared/realtime/channels.ts';
import { NetworkLog } from '../../proxy/network-log.ts';
import type { Frontend } from '../frontend.ts';
import { PlainPod } from '../testing/plain-pod.ts';
import { DevserverProvider } from './provider.ts';

let root: string;
let pod: PlainPod;
let frontend: Frontend;
let server: Server;
let origin: string;
let events: ChannelEvent[];
let steps: string[];
const browser = { accept: 'text/html', 'sec-fetch-dest': 'document' };

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'vitrine-devserver-'));
  pod = new PlainPod();
  events = [];
  steps = [];
  await copyFile(fileURLToPath(new URL('testing/tiny-server.mjs', import.meta.url)), join(root, 'serve.mjs'));
});
afterEach(async () => {
  await frontend?.close();
  await pod.destroy();
  server?.closeAllConnections();
  server?.close();
  await rm(root, { recursive: true, force: true });
});

async function start({ command = 'exec node serve.mjs', hasBackend = false } = {}): Promise<void> {
  server = createServer((request, response) => {
    response.setHeader('content-security-policy', "default-src 'self'; frame-ancestors 'self'");
    void frontend.handle(request, response).then((taken) => {
      if (!taken) response.writeHead(418).end('the backend');
    });
  });
  server.on('upgrade', (request, socket, head) => {
    if (!frontend.upgrade(request, socket, head)) socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port was given.');
  origin = `http://127.0.0.1:${address.port}`;
  frontend = await new DevserverProvider().start(
    {
      environmentId: 'blue',
      pod,
      worktree: root,
      root,
      cacheDirectory: root,
      ownDirectory: root,
      inheritedEnv: {},
      appEnv: {},
      hotReload: true,
      network: new NetworkLog(() => undefined),
      server: { origin, command, env: {}, withPath: (line) => line, takenPorts: [], hasBackend },
      emit: (event) => events.push(event),
      onStep: (step, status) => steps.push(`${step}:${status}`),
    },
    new AbortController().signal,
  );
}
const get = (path: string, headers: Record<string, string> = browser) =>
  fetch(origin + path, { headers, redirect: 'manual' });
const consoleText = () =>
  events
    .flatMap(({ channel, data }) => (channel === 'logs' && data.type === 'console' ? [data.entry.text] : []))
    .join('\n');

it('makes a request wait for the server, and shows the page as it streams, with its script first in the head', async () => {
  await start();
  const response = await get('/stream');
  expect(response.headers.get('x-frame-options')).toBeNull();
  expect(response.headers.get('etag')).toBeNull();
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  const first = (await reader?.read())?.value ?? '';
  expect(first).toMatch(
    /<head><script src="\/__vitrine\/devserver\/page\.js\?v=\w+&port=\d+"><\/script><title>/,
  );
  expect(first).toContain('first');
  await get('/go');
  expect((await reader?.read())?.value).toBe(' second</body></html>');
  expect(steps).toEqual(['build:active', 'build:done', 'paint:active']);
});

it('finds a server on the port that it prints', async () => {
  await start({ command: 'exec node serve.mjs elsewhere' });
  expect((await get('/go')).status).toBe(200);
});

it('passes WebSockets of any path on, without the preview’s own cookie', async () => {
  await start();
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/_next/webpack-hmr?id=1`, {
    headers: { cookie: '__vitrine_preview=secret; sid=1' },
  });
  const [message] = await once(socket, 'message');
  expect(String(message)).toBe('hmr /_next/webpack-hmr?id=1 sid=1');
  socket.terminate();
});

it('leads a socket to another port of the pod there', async () => {
  await start();
  const other = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(other, 'listening');
  const address = other.address();
  if (address === null || typeof address === 'string') throw new Error('No port was given.');
  other.on('connection', (socket, { url }) => socket.send(`other ${url}`));
  const open = (path: string) => new WebSocket(`${origin.replace('http', 'ws')}/__vitrine/${path}`);
  const socket = open(`port/${address.port}/livereload?a=1`);
  const [message] = await once(socket, 'message');
  expect(String(message)).toBe('other /livereload?a=1');
  socket.terminate();
  other.close();
  const [error] = await once(open('port/99999/'), 'error');
  expect(String(error)).toContain('socket hang up');
});

it('leads a request to another port of the pod there', async () => {
  await start();
  const other = createServer((request, response) =>
    response.end(`other ${request.url} ${request.headers.cookie}`),
  );
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  if (address === null || typeof address === 'string') throw new Error('No port was given.');
  const response = await get(`/__vitrine/port/${address.port}/livereload.js?a=1`, {
    cookie: 'sid=1; __vitrine_preview=secret',
  });
  expect(await response.text()).toBe('other /livereload.js?a=1 sid=1');
  other.close();
  // Nobody's: what the preview answers then.
  expect((await get('/__vitrine/port/1/')).status).toBe(418);
});

it('hands bodies and cookies on, keeps the host, and never lets the app set the preview’s cookie', async () => {
  await start();
  const response = await fetch(`${origin}/echo`, {
    method: 'POST',
    body: 'a=b',
    headers: { cookie: 'sid=1; __vitrine_preview=secret' },
  });
  expect(await response.json()).toMatchObject({
    body: 'a=b',
    headers: { cookie: 'sid=1', host: new URL(origin).host },
  });
  expect(response.headers.getSetCookie()).toEqual(['sid=1; HttpOnly; Secure; SameSite=None; Partitioned']);
  expect(response.headers.get('referrer-policy')).toBe('same-origin');
});

it('keeps redirects to the server’s own address on the preview’s origin', async () => {
  await start();
  expect((await get('/redirect')).headers.get('location')).toBe(`${origin}/there`);
});

it('lets the app’s policy hold beside the preview’s, but for who may frame it', async () => {
  await start();
  const response = await get('/csp');
  expect(response.headers.get('content-security-policy')).toBe(
    "default-src 'self'; frame-ancestors 'self', script-src 'nonce-abc' 'self'",
  );
  expect(await response.text()).toContain(' nonce="abc"></script></head>');
});

it('shows the app’s own 404 to a person, and leaves a script’s to the backend where there is one', async () => {
  await start({ hasBackend: true });
  expect(await (await get('/nothing')).text()).toContain('its own page');
  expect((await get('/nothing', { accept: '*/*' })).status).toBe(418);
  await frontend.close();
  server.close();
  await start();
  expect((await get('/nothing', { accept: '*/*' })).status).toBe(404);
});

it('starts a server that crashed again; requests wait for it', async () => {
  await start();
  const before = (await (await get('/echo')).json()).pid;
  await get('/crash').catch(() => undefined);
  const after = (await (await get('/echo')).json()).pid;
  expect(after).not.toBe(before);
  expect(consoleText()).toMatch(/dev server ended \(exit code 1\).*\n*It printed last:/);
});

it('shows a page with the reason while the server does not come up, and its last lines in the console', async () => {
  await writeFile(join(root, 'broken'), 'next.config.js');
  await start();
  await expect.poll(consoleText).toContain('Syntax error in next.config.js');
  await rm(join(root, 'broken'));
  expect((await get('/go')).status).toBe(200);
});

it('frees what waits for the server when the preview ends', async () => {
  await start({ command: 'exec sleep 60' });
  const waiting = get('/go', { accept: '*/*' });
  await once(server, 'request');
  await frontend.close();
  expect((await waiting).status).toBe(502);
});

it('says what to configure where nothing can be run', async () => {
  const context = { worktree: root, root, server: {}, onStep: () => undefined };
  await expect(
    // Only what is looked at before anything starts.
    new DevserverProvider().start(context as never, new AbortController().signal),
  ).rejects.toMatchObject({ code: 'DEVSERVER_COMMAND_MISSING' });
});
