import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { networkListSchema } from '#shared/api/network.ts';
import { type Companion, startCompanion } from '../companion.ts';
import { httpCall } from '../http.ts';
import { Lifetime } from '../lifetime.ts';
import { makeProject } from '../project.ts';

/** Answers with what it was sent; its page carries markup where an attempt's code could put it. */
const ECHO = `
import http from 'node:http';
const server = http.createServer((request, response) => {
  if (request.url === '/api/cookie') response.setHeader('set-cookie', 'sid=1; Domain=example.com; SameSite=Lax; Path=/');
  if (request.url === '/api/hang-up') return request.socket.destroy();
  let body = '';
  request.on('data', (chunk) => { body += chunk; });
  request.on('end', () => response.end(JSON.stringify({ url: request.url, headers: request.headers, body })));
});
server.on('upgrade', (request, socket) => socket.end('HTTP/1.1 101 Switching Protocols\\r\\nupgrade: x\\r\\nconnection: upgrade\\r\\n\\r\\nhello'));
server.listen(process.env.PORT, process.env.HOST);
`;
const PROJECT = {
  'package.json': '{"type":"module","scripts":{"server":"node server.js"}}',
  'server.js': ECHO,
};

const lifetime = new Lifetime();
let companion: Companion;
let red: string;
let blue: string;
let redCookie: string;

beforeAll(async () => {
  const directory = lifetime.own(await mkdtemp(join(tmpdir(), 'vitrine-origin-')), (path) =>
    rm(path, { recursive: true, force: true, maxRetries: 5 }),
  );
  companion = lifetime.own(await startCompanion(), (started) => started.stop());
  [red, blue] = await Promise.all([
    start('red', join(directory, 'red')),
    start('blue', join(directory, 'blue')),
  ]);
  redCookie = await swapTicket(red);
});
afterAll(() => lifetime.end());

async function start(taskId: string, directory: string): Promise<string> {
  const worktree = await makeProject(directory, PROJECT);
  const { environmentId } = await companion.create({ taskId, agentId: 'test', worktree });
  await companion.running(environmentId);
  return environmentId;
}

const hostOf = (id: string) => `${id}.localhost:${companion.port}`;
const call = (id: string, path: string, headers: Record<string, string> = {}, method = 'GET') =>
  httpCall({ port: companion.port, path, host: hostOf(id), headers, method });

/** Opens a preview's address as a browser would and keeps the cookie. */
async function swapTicket(id: string): Promise<string> {
  const { previewUrl } = await companion.environment(id);
  const { pathname, search } = new URL(previewUrl);
  const { status, headers } = await call(id, pathname + search);
  expect(status).toBe(302);
  expect(headers.location).toBe('/');
  return String(headers['set-cookie']).split(';')[0] ?? '';
}

describe('the ticket', () => {
  test('attack 13: is swapped once for a cookie and leaves the address', async () => {
    const { previewUrl } = await companion.environment(red);
    const { pathname, search } = new URL(previewUrl);
    const first = await call(red, pathname + search);
    expect(String(first.headers['set-cookie'])).toMatch(/HttpOnly; Secure; SameSite=None; Partitioned/);
    expect(first.headers['referrer-policy']).toBe('no-referrer');
    const again = await call(red, pathname + search);
    expect(again.headers['set-cookie']).toBeUndefined();
  });

  test('of one environment opens no other', async () => {
    const { pathname, search } = new URL((await companion.environment(red)).previewUrl);
    const { headers } = await call(blue, pathname + search);
    expect(headers['set-cookie']).toBeUndefined();
  });
});

describe('a request', () => {
  test('with the cookie reaches the backend, which sees X-Isolated-Auth and not the cookie', async () => {
    const { status, body } = await call(red, '/api/x?y=%2e%2e', { cookie: `${redCookie}; theme=dark` });
    expect(status).toBe(200);
    const seen = JSON.parse(body);
    expect(seen.url).toBe('/api/x?y=%2e%2e');
    expect(seen.headers.cookie).toBe('theme=dark');
    expect(seen.headers['x-isolated-auth']).toMatch(/^[\w-]{43}$/);
    expect(seen.headers['x-forwarded-host']).toBe(hostOf(red));
  });

  test.each([
    ['attack 15: with another environment’s cookie', () => ({ cookie: redCookie }), 401],
    ['attack 12: with a made-up X-Isolated-Auth', () => ({ 'x-isolated-auth': 'x'.repeat(43) }), 401],
    ['with nothing', () => ({}), 401],
  ])('%s is refused', async (_, headers, expected) => {
    expect((await call(blue, '/api/x', headers())).status).toBe(expected);
  });

  test('attack 8: that changes something needs an Origin besides the cookie', async () => {
    const cookie = redCookie;
    expect((await call(red, '/api/x', { cookie }, 'POST')).status).toBe(401);
    expect((await call(red, '/api/x', { cookie, origin: 'https://evil.example' }, 'POST')).status).toBe(403);
    expect((await call(red, '/api/x', { cookie, origin: `http://${hostOf(blue)}` }, 'POST')).status).toBe(
      403,
    );
    expect((await call(red, '/api/x', { cookie, origin: `http://${hostOf(red)}` }, 'POST')).status).toBe(200);
  });

  test('attack 1: of another site’s page is refused even where it sends no Origin', async () => {
    const headers = { cookie: redCookie, 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'image' };
    expect((await call(red, '/api/x', headers)).status).toBe(401);
  });

  test('of an allowed origin is answered with CORS headers, its preflight too', async () => {
    const origin = 'http://localhost:3000';
    const preflight = await call(
      red,
      '/api/x',
      { origin, 'access-control-request-method': 'PUT', 'access-control-request-headers': 'x-a' },
      'OPTIONS',
    );
    expect(preflight.status).toBe(204);
    expect(preflight.headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-methods': 'PUT',
      'access-control-allow-headers': 'x-a',
    });
    const { headers } = await call(red, '/api/x', { origin, cookie: redCookie });
    expect(headers['access-control-allow-origin']).toBe(origin);
  });

  test('to a backend that hangs up gets an error page that shows markup as text (attack 21)', async () => {
    const headers = { cookie: redCookie, accept: 'text/html' };
    const { status, body } = await call(red, '/api/hang-up', headers);
    expect(status).toBe(502);
    expect(body).toContain('BACKEND_UNREACHABLE');
    const refused = await call(red, '/', { ...headers, origin: 'http://<img src=x onerror=alert(1)>' });
    expect(refused.body).not.toContain('<img');
  });
});

test('a request is sent again as it was, through the same door, and only where all of it was kept', async () => {
  const send = (body: string) =>
    httpCall({
      port: companion.port,
      path: '/api/again?x=1',
      host: hostOf(red),
      method: 'POST',
      headers: {
        cookie: `${redCookie}; sid=secret`,
        origin: `http://${hostOf(red)}`,
        'x-own': 'a',
        'content-type': 'text/plain',
      },
      body,
    });
  const listed = async () => {
    const answer = await companion.fetch(`/api/environments/${red}/network?text=/api/again`);
    return networkListSchema.parse(await answer.json()).requests;
  };
  const replay = (id: number | undefined, headers = {}) =>
    companion.fetch(`/api/environments/${red}/network/${id}/replay`, { method: 'POST', headers });
  await send('two lines\nof text');
  const [first] = await listed();
  expect(await (await replay(first?.id)).json()).toEqual({ status: 200 });
  const [, second] = await listed();
  const detail = await (await companion.fetch(`/api/environments/${red}/network/${second?.id}`)).json();
  const seen = JSON.parse(detail.responseBody.text);
  expect(seen).toMatchObject({ url: '/api/again?x=1', body: 'two lines\nof text' });
  expect(seen.headers).toMatchObject({ cookie: 'sid=secret', 'x-own': 'a', 'content-type': 'text/plain' });

  await send('x'.repeat(100_000));
  expect((await replay((await listed()).at(-1)?.id)).status).toBe(409);
  expect((await replay(1)).status).toBe(404);
  expect((await replay(first?.id, { origin: `http://${hostOf(red)}` })).status).toBe(403);
  expect((await replay(first?.id, { authorization: '' })).status).toBe(401);
});

test('a backend’s cookie stays on the environment’s host', async () => {
  const { headers } = await call(red, '/api/cookie', { cookie: redCookie });
  expect(String(headers['set-cookie'])).toBe('sid=1; Path=/; Secure; SameSite=None; Partitioned');
});

test('attack 22: smuggling, CONNECT and two Host headers are refused', async () => {
  const raw = async (request: string) => {
    const socket = connect(companion.port, '127.0.0.1');
    socket.write(request);
    return text(socket);
  };
  const head = (line: string, extra: string) =>
    `${line}\r\nHost: ${hostOf(red)}\r\nCookie: ${redCookie}\r\n${extra}\r\n`;
  const both = head(
    'POST /api/x HTTP/1.1',
    'Connection: close\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n',
  );
  expect(await raw(`${both}0\r\n\r\nGET /api/secret HTTP/1.1\r\n\r\n`)).toMatch(/^HTTP\/1\.1 400/);
  expect(await raw(head('CONNECT 127.0.0.1:22 HTTP/1.1', ''))).toMatch(/^HTTP\/1\.1 4/);
  expect(await raw(head('GET /api/x HTTP/1.1', 'Host: evil.example\r\nConnection: close\r\n'))).toMatch(
    /^HTTP\/1\.1 4/,
  );
});

describe('a WebSocket', () => {
  const open = (headers: Record<string, string>) =>
    new Promise<string>((resolve) => {
      const socket = new WebSocket(`ws://127.0.0.1:${companion.port}/socket`, {
        headers: { host: hostOf(red), ...headers },
      });
      socket.on('unexpected-response', (_request, response) => {
        response.resume();
        resolve(`refused ${response.statusCode}`);
      });
      // The echo backend speaks no WebSocket: what counts is that its 101 came through.
      socket.on('error', (error) => resolve(error.message));
    });

  test('attack 2: with a foreign Origin or none is refused', async () => {
    expect(await open({ cookie: redCookie, origin: 'https://evil.example' })).toBe('refused 403');
    expect(await open({ cookie: redCookie })).toBe('refused 403');
  });

  test('from the preview’s own page reaches the backend', async () => {
    expect(await open({ cookie: redCookie, origin: `http://${hostOf(red)}` })).toMatch(
      /Invalid Upgrade header|Sec-WebSocket/,
    );
  });
});
