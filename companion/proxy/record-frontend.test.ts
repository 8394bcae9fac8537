import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { setImmediate as tick } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Listening, listenOnLoopback } from '../api/listen.ts';
import { NetworkLog } from './network-log.ts';
import { recordFrontend } from './record-frontend.ts';

let log: NetworkLog;
let listening: Listening;
let serve: (request: IncomingMessage, response: ServerResponse, isAnothers: () => void) => unknown;

beforeEach(async () => {
  log = new NetworkLog(() => undefined);
  listening = await listenOnLoopback(0, {
    request: (request, response) => void serve(request, response, recordFrontend(log, request, response)),
    upgrade: () => undefined,
  });
});
afterEach(() => listening.close());

const ask = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${listening.port}${path}`, init);

async function recorded() {
  const [id = 0] = await vi.waitFor(() => {
    const ids = log.ids();
    expect(ids).toHaveLength(1);
    expect(log.list().requests[0]?.durationMs).toBeDefined();
    return ids;
  });
  return log.detail(id);
}

test('what streams of files, heads of every kind and plain ends answer is in the log, and passes as it is', async () => {
  serve = (_request, response) => {
    response.setHeader('set-cookie', ['a=1', 'b=2']);
    response.writeHead(203, 'Fine', { 'content-type': 'text/css' });
    Readable.from(['a{', 'color:red', '}']).pipe(response);
  };
  expect(await (await ask('/style.css?v=1')).text()).toBe('a{color:red}');
  expect(await recorded()).toMatchObject({
    method: 'GET',
    url: '/style.css?v=1',
    status: 203,
    mimeType: 'text/css',
    responseBytes: 12,
    initiator: 'browser',
    responseBody: { text: 'a{color:red}' },
    responseHeaders: expect.arrayContaining([['content-type', 'text/css']]),
  });
  expect(log.traffic).toBe(12);
});

test('a head that is written by itself has its status and length', async () => {
  serve = (_request, response) => {
    response.statusCode = 404;
    response.end('nothing');
  };
  await (await ask('/favicon.ico', { headers: { 'sec-fetch-dest': 'image' } })).text();
  expect(await recorded()).toMatchObject({ status: 404, responseBytes: 7 });
});

test('a body is kept, though whoever takes it comes later', async () => {
  serve = async (request, response) => {
    await tick();
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    response.end(Buffer.concat(chunks));
  };
  const body = JSON.stringify({ quantity: 2 });
  const answer = await ask('/action', {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json' },
  });
  expect(await answer.text()).toBe(body);
  expect(await recorded()).toMatchObject({ method: 'POST', requestBytes: 14, requestBody: { text: body } });
  expect(log.whole(log.ids()[0] ?? 0)?.body.toString()).toBe(body);
});

test('what turns out to be the backend’s is left to it', async () => {
  serve = (_request, response, isAnothers) => {
    isAnothers();
    response.end('from the backend');
  };
  expect(await (await ask('/x', { method: 'POST', body: 'a' })).text()).toBe('from the backend');
  expect(log.ids()).toEqual([]);
});

test('a browser that goes away has cancelled it, which is no failure', async () => {
  serve = (_request, response) => {
    response.writeHead(200);
    response.write('x');
  };
  const request = http.get({ host: '127.0.0.1', port: listening.port, path: '/slow' });
  request.on('response', () => request.destroy());
  request.on('error', () => undefined);
  expect(await recorded()).toMatchObject({ cancelled: true, error: undefined });
});

test('an answer that breaks off is a failure, with its reason', async () => {
  serve = (_request, response) => {
    response.writeHead(200);
    response.write('x');
    setImmediate(() => response.destroy(new Error('the builder ended')));
  };
  await expect(ask('/half').then((answer) => answer.text())).rejects.toThrow();
  expect(await recorded()).toMatchObject({
    error: expect.stringContaining('the builder ended'),
    cancelled: undefined,
  });
});
