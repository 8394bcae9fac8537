import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { environmentConfigSchema } from '#shared/config/environment-config.ts';
import { type Listening, listenOnLoopback } from '../api/listen.ts';
import { Activity } from '../environments/activity.ts';
import { Tickets } from '../security/tickets.ts';
import { type PreviewedEnvironment, PreviewOrigin, TICKET_PARAMETER } from './preview-origin.ts';
import { httpBackend, type ProxyFixture, startProxy } from './testing/proxy-fixture.ts';

const COOKIE = '__vitrine_preview=cookie-of-demo';
const TOKEN = 'token-of-the-control-api';
const ALLOWED = 'https://tool.example';

let fixture: ProxyFixture;
let listening: Listening;
let tickets: Tickets;
let origin: string;
let environment: PreviewedEnvironment;

beforeEach(async () => {
  fixture = await startProxy(
    httpBackend((request, response) => {
      response.setHeader('access-control-allow-origin', 'http://localhost:3000');
      response.setHeader('x-total', '5');
      response.setHeader('vary', 'Accept');
      if (request.url === '/api/exposes') response.setHeader('access-control-expose-headers', 'x-total');
      response.end(JSON.stringify(request.headers));
    }),
  );
  tickets = new Tickets();
  const config = environmentConfigSchema.parse({ isolation: { preview: { allowed_origins: [ALLOWED] } } });
  const preview = new PreviewOrigin({ tickets, token: TOKEN, port: 0, boardOrigins: () => [] });
  listening = await listenOnLoopback(0, {
    request: (request, response) => void preview.handle(environment, request, response),
    upgrade: (request, socket, head) => void preview.upgrade(environment, request, socket, head),
  });
  origin = `http://demo.localhost:${listening.port}`;
  const used = { lastUsedAt: 0 };
  // What a preview origin looks at; the rest of a record is not its business.
  environment = {
    id: 'demo',
    origin,
    record: { cookie: 'cookie-of-demo', config, status: 'running' },
    backendProxy: fixture.proxy,
    plan: { backendPaths: ['/api'] },
    activity: new Activity(used),
    touch: () => undefined,
    life: { servable: Promise.resolve(), restarts: 0, resume: () => Promise.resolve() },
  } as unknown as PreviewedEnvironment;
});
afterEach(async () => {
  await listening.close();
  await fixture.close();
});

async function call(path: string, headers: Record<string, string> = {}, method = 'GET') {
  const request = http.request({
    host: '127.0.0.1',
    port: listening.port,
    path,
    method,
    agent: false,
    headers: { host: `demo.localhost:${listening.port}`, ...headers },
  });
  request.end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

describe('another origin', () => {
  test('that is allowed reads the answer, all its headers, and what the backend says of that is replaced', async () => {
    const { status, headers } = await call('/api/x', { origin: ALLOWED, cookie: COOKIE });
    expect(status).toBe(200);
    expect(headers['access-control-allow-origin']).toBe(ALLOWED);
    expect(headers['access-control-allow-credentials']).toBe('true');
    expect(headers['access-control-expose-headers']).toContain('x-total');
    expect(headers.vary).toBe('Accept, Origin');
    const named = await call('/api/exposes', { origin: ALLOWED, cookie: COOKIE });
    expect(named.headers['access-control-expose-headers']).toBe('x-total');
  });

  test('that is not allowed gets nothing, its preflight neither', async () => {
    const headers = { origin: 'https://evil.example', cookie: COOKIE };
    expect((await call('/api/x', headers)).status).toBe(403);
    const preflight = await call('/api/x', { ...headers, 'access-control-request-method': 'PUT' }, 'OPTIONS');
    expect(preflight.status).toBe(403);
    expect(preflight.headers).not.toHaveProperty('access-control-allow-origin');
    expect((await call('/api/x', { origin: 'null', cookie: COOKIE })).status).toBe(403);
  });

  test('that is allowed has its preflight answered, for this machine too, without a cookie', async () => {
    const { status, headers } = await call(
      '/api/x',
      {
        origin: ALLOWED,
        'access-control-request-method': 'PATCH',
        'access-control-request-headers': 'x-a, content-type',
        'access-control-request-private-network': 'true',
      },
      'OPTIONS',
    );
    expect(status).toBe(204);
    expect(headers).toMatchObject({
      'access-control-allow-origin': ALLOWED,
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'PATCH',
      'access-control-allow-headers': 'x-a, content-type',
      'access-control-allow-private-network': 'true',
      'access-control-max-age': '600',
    });
    expect(headers.vary).toContain('Origin');
    expect(fixture.log.list().requests).toEqual([]);
  });
});

test('the preview’s own pages get the backend’s words as they are, kept apart by origin in the cache', async () => {
  const { headers } = await call('/api/x', { cookie: COOKIE });
  expect(headers['access-control-allow-origin']).toBe('http://localhost:3000');
  expect(headers.vary).toBe('Accept, Origin');
  expect(headers).not.toHaveProperty('access-control-expose-headers');
});

test('the companion’s token opens the preview and goes no further', async () => {
  const { body } = await call('/api/x', { authorization: `Bearer ${TOKEN}` });
  expect(JSON.parse(body)).not.toHaveProperty('authorization');
  const theirs = await call('/api/x', { authorization: 'Bearer theirs', cookie: COOKIE });
  expect(JSON.parse(theirs.body).authorization).toBe('Bearer theirs');
});

describe('a start in the place of what runs', () => {
  let asked: string[];

  /** Is given up when it is asked for something, and has no answer then. */
  const givenUp = (becomes: PreviewedEnvironment['frontend'], end: () => Promise<boolean>) => ({
    handle: ({ url }: IncomingMessage) => {
      asked.push(`old ${url}`);
      Object.assign(environment, { frontend: becomes });
      Object.assign(environment.life, { restarts: environment.life.restarts + 1 });
      return end();
    },
  });
  const next = {
    handle: async ({ url }: IncomingMessage, response: http.ServerResponse) => {
      asked.push(`new ${url}`);
      response.end('new');
      return true;
    },
  };
  const replace = (end: () => Promise<boolean>) => {
    asked = [];
    const frontend = givenUp(next as unknown as PreviewedEnvironment['frontend'], end);
    Object.assign(environment, { frontend, network: fixture.log });
  };

  test.each([
    ['has no answer', async () => false],
    ['breaks off', () => Promise.reject(new Error('aborted'))],
  ])('is asked once more where the one that is given up %s', async (_, end) => {
    replace(end);
    expect(await call('/page', { cookie: COOKIE })).toMatchObject({ status: 200, body: 'new' });
    expect(asked).toEqual(['old /page', 'new /page']);
    expect(fixture.log.list().requests).toMatchObject([{ url: '/page', status: 200 }]);
  });

  test('is not asked once more for what changes something', async () => {
    replace(async () => false);
    Object.assign(environment.frontend ?? {}, { takesWrites: true });
    await call('/page', { cookie: COOKIE, origin }, 'POST');
    expect(asked).toEqual(['old /page']);
  });
});

test('a ticket leads nowhere else', async () => {
  const ticket = () => `${TICKET_PARAMETER}=${tickets.issue('demo')}`;
  expect((await call(`/a/b?x=1&${ticket()}`)).headers.location).toBe('/a/b?x=1');
  expect((await call(`//evil.example/?${ticket()}`)).headers.location).toBe('/evil.example/');
  expect((await call(`/.//evil.example/?${ticket()}`)).headers.location).toBe('/evil.example/');
});

test('attack 22: TRACE and absolute addresses are refused', async () => {
  expect((await call('/api/x', { cookie: COOKIE }, 'TRACE')).status).toBe(405);
  expect((await call('http://evil.example/api/x', { cookie: COOKIE })).status).toBe(400);
  expect((await call('*', { cookie: COOKIE, origin }, 'OPTIONS')).status).toBe(400);
  expect(fixture.log.list().requests).toEqual([]);
});
