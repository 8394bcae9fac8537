import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import express from 'express';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { networkListSchema, networkRequestDetailSchema } from '#shared/api/network.ts';
import { toVitrineError } from '#shared/errors.ts';
import { channelMessageSchema } from '#shared/realtime/channels.ts';
import { NetworkLog } from '../proxy/network-log.ts';
import { ChannelHub } from '../realtime/channel-hub.ts';
import { networkRoutes } from './network-routes.ts';

let server: Server;
let base: string;
let network: NetworkLog;
let hub: ChannelHub;
let allowed: string[];

beforeEach(async () => {
  network = new NetworkLog(() => undefined);
  hub = new ChannelHub();
  allowed = [];
  const environment = {
    id: 'demo',
    origin: 'http://demo.localhost:1234',
    network,
    hub,
    egress: {
      allow: async (host: string) => void allowed.push(host),
      disallow: async (host: string) => {
        allowed = allowed.filter((each) => each !== host);
      },
    },
    view: () => ({ egress: { policy: 'allowlist' as const, allowed } }),
  };
  const app = express();
  app.use(express.json());
  app.use(networkRoutes({ environments: { require: () => environment } }));
  app.use(((thrown, _request, response, _next) => {
    const error = toVitrineError(thrown);
    response.status(error.status).json(error.toBody());
  }) as express.ErrorRequestHandler);
  server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/demo`; // TCP: never null or text
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function record(url = '/api/notes?q=a%20b', method = 'GET') {
  const recording = network.begin({
    method,
    url,
    kind: 'http',
    initiator: 'browser',
    httpVersion: 'HTTP/1.1',
    rawHeaders: ['Cookie', 'sid=abc; theme=dark', 'Content-Type', 'application/json'],
  });
  recording.chosen('backend');
  recording.requestChunk(Buffer.from('{"a":1}'));
  recording.sent();
  recording.responseHead(201, 'Created', [
    'Content-Type',
    'application/json; charset=utf-8',
    'Content-Encoding',
    'gzip',
    'Set-Cookie',
    'sid=def; Path=/; HttpOnly',
  ]);
  recording.responseChunk(gzipSync('{"ok":true}'));
  recording.end();
  return recording;
}

const json = async (path: string, init?: RequestInit) => (await fetch(base + path, init)).json();

test('the list is filtered and paged, and each change comes once', async () => {
  for (let i = 0; i < 5; i++) record(`/api/${i}`, i % 2 ? 'POST' : 'GET');
  const first = networkListSchema.parse(await json('/network?limit=2&method=get'));
  expect(first.requests.map(({ url }) => url)).toEqual(['/api/0', '/api/2']);
  expect(first.hasMore).toBe(true);
  const second = networkListSchema.parse(await json(`/network?limit=2&method=get&since=${first.cursor}`));
  expect(second.requests.map(({ url }) => url)).toEqual(['/api/4']);
  expect(second.hasMore).toBe(false);
  expect((await json(`/network?since=${second.cursor}`)).requests).toEqual([]);
});

test('a query that is not valid is refused with what is wrong', async () => {
  const response = await fetch(`${base}/network?status=9xx&limit=0`);
  expect(response.status).toBe(400);
  const { error } = await response.json();
  expect(error.code).toBe('QUERY_INVALID');
  expect(error.message).toMatch(/limit.*status|status.*limit/);
});

test('the detail has bodies decoded and secrets masked; an unknown one is 404', async () => {
  const { id } = record();
  const detail = networkRequestDetailSchema.parse(await json(`/network/${id}`));
  expect(detail).toMatchObject({
    status: 201,
    service: 'backend',
    requestBody: { text: '{"a":1}', isCut: false },
    responseBody: { text: '{"ok":true}', mimeType: 'application/json' },
  });
  expect(detail.requestHeaders).toContainEqual(['Cookie', 'sid=••••; theme=••••']);
  expect(detail.responseHeaders).toContainEqual(['Set-Cookie', 'sid=••••; Path=/; HttpOnly']);
  for (const path of ['/network/1', '/network/x', '/network/-1'])
    expect((await fetch(base + path)).status).toBe(404);
});

test('the HAR file has what HAR 1.2 requires, and WebSockets as Chrome writes them', async () => {
  record();
  const socket = network.begin({
    method: 'GET',
    url: '/live',
    kind: 'websocket',
    initiator: 'browser',
    httpVersion: 'HTTP/1.1',
    rawHeaders: ['Upgrade', 'websocket'],
  });
  socket.responseHead(101, 'Switching Protocols', []);
  socket.openFrames();
  socket.socketReceived(Buffer.from([0x81, 2, 0x68, 0x69]));
  socket.end();
  const response = await fetch(`${base}/network.har`);
  expect(response.headers.get('content-disposition')).toBe('attachment; filename="demo.har"');
  const { log } = await response.json();
  expect(log).toMatchObject({ version: '1.2', creator: { name: 'Vitrine', version: expect.any(String) } });
  const [http, webSocket] = log.entries;
  expect(http).toMatchObject({
    startedDateTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    time: expect.any(Number),
    request: {
      method: 'GET',
      url: 'http://demo.localhost:1234/api/notes?q=a%20b',
      httpVersion: 'HTTP/1.1',
      cookies: [
        { name: 'sid', value: '••••' },
        { name: 'theme', value: '••••' },
      ],
      headers: expect.any(Array),
      queryString: [{ name: 'q', value: 'a b' }],
      headersSize: -1,
      bodySize: 7,
      postData: { mimeType: 'application/json', text: '{"a":1}' },
    },
    response: {
      status: 201,
      statusText: 'Created',
      httpVersion: 'HTTP/1.1',
      cookies: [{ name: 'sid', value: '••••' }],
      headers: expect.any(Array),
      content: { size: expect.any(Number), mimeType: 'application/json', text: '{"ok":true}' },
      redirectURL: '',
      headersSize: -1,
      bodySize: expect.any(Number),
    },
    cache: {},
    timings: { send: expect.any(Number), wait: expect.any(Number), receive: expect.any(Number) },
  });
  expect(webSocket).toMatchObject({
    _resourceType: 'websocket',
    request: { url: 'ws://demo.localhost:1234/live' },
    response: { status: 101 },
    _webSocketMessages: [{ type: 'receive', opcode: 1, data: 'hi', time: expect.any(Number) }],
  });
});

test('a HAR file can be of some requests only', async () => {
  const [first] = [record(), record()];
  const { log } = await json(`/network.har?ids=${first?.id}`);
  expect(log.entries).toHaveLength(1);
  expect((await fetch(`${base}/network.har?ids=a,b`)).status).toBe(400);
});

test('clearing empties the list and tells the channel', async () => {
  const { id } = record();
  const told: unknown[] = [];
  hub.subscribe({ send: (_text, message) => told.push(channelMessageSchema.parse(message)) });
  expect((await fetch(`${base}/network`, { method: 'DELETE' })).status).toBe(204);
  const { requests, oldestId } = await json('/network');
  expect(requests).toEqual([]);
  expect(oldestId).toBe(id + 1);
  expect(told).toMatchObject([{ channel: 'logs', data: { type: 'network_cleared', before: id + 1 } }]);
});

test('a host is allowed and disallowed, and only a host', async () => {
  const send = (method: string, host: unknown) =>
    fetch(`${base}/egress`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ host }),
    });
  expect(await (await send('POST', 'Registry.Example:8443')).json()).toEqual({
    policy: 'allowlist',
    allowed: ['registry.example:8443'],
  });
  expect(await (await send('DELETE', 'registry.example:8443')).json()).toMatchObject({ allowed: [] });
  for (const host of [
    '',
    'http://x.example',
    'a b',
    '*',
    '*.*.example',
    'x.example/path',
    5,
    'x.example:99999999',
  ])
    expect((await send('POST', host)).status, String(host)).toBe(400);
});
