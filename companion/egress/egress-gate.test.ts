import { once } from 'node:events';
import http, { type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { EgressState } from '#shared/api/environment.ts';
import { NetworkLog } from '../proxy/network-log.ts';
import { dial } from './dial.ts';
import { EgressGate } from './egress-gate.ts';
import { resolveHost } from './resolve-host.ts';

/** An address of the internet, as the tests' resolver says. */
const PUBLIC = '93.184.216.34';

let policy: EgressState;
let log: NetworkLog;
let gate: EgressGate;
/** What a sandbox connects to. */
let outlet: ReturnType<typeof createServer>;
/** What stands for the internet, on a loopback port. */
let internet: Server;
let names: Record<string, string[]>;
let dialled: { addresses: readonly string[]; port: number }[];
let listener: RequestListener;
const sockets = new Set<Socket>();

beforeEach(async () => {
  policy = { policy: 'allowlist', allowed: ['shop.example', '*.cdn.example', 'api.example:8443'] };
  names = {
    'shop.example': [PUBLIC],
    'api.example': [PUBLIC],
    'a.cdn.example': [PUBLIC],
    'other.example': [PUBLIC],
  };
  dialled = [];
  log = new NetworkLog(() => undefined);
  listener = (request, response) =>
    response.end(JSON.stringify({ url: request.url, headers: request.headers }));
  internet = http.createServer((request, response) => listener(request, response));
  track(internet);
  internet.listen(0, '127.0.0.1');
  await once(internet, 'listening');
  createGate();
  outlet = createServer((socket) => gate.accept(socket));
  track(outlet);
  outlet.listen(0, '127.0.0.1');
  await once(outlet, 'listening');
});
afterEach(() => {
  gate.close();
  for (const socket of sockets) socket.destroy();
  outlet.close();
  internet.close();
});

function track(server: { on(event: 'connection', listener: (socket: Socket) => void): unknown }): void {
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
  });
}

const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port; // TCP: never null or text

function createGate(more: Partial<ConstructorParameters<typeof EgressGate>[0]> = {}): void {
  gate = new EgressGate({
    policy: () => policy,
    log,
    ownPorts: () => [4444],
    resolve: async (host) => names[host] ?? resolveHost(host),
    dial: (addresses, port, signal) => {
      dialled.push({ addresses, port });
      return dial(['127.0.0.1'], portOf(internet), signal);
    },
    ...more,
  });
}

interface Answer {
  status: number;
  body: string;
  headers: http.IncomingHttpHeaders;
}

async function ask(
  url: string,
  headers: Record<string, string> = {},
  method = 'GET',
  body?: string,
): Promise<Answer> {
  const request = http.request({
    host: '127.0.0.1',
    port: portOf(outlet),
    path: url,
    method,
    agent: false,
    headers: { host: /^http:\/\/([^/]*)/.exec(url)?.[1] ?? 'x', ...headers },
  });
  request.end(body);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return { status: response.statusCode ?? 0, body: await text(response), headers: response.headers };
}

/** Opens a tunnel; what it answers first, and the socket. */
async function tunnel(authority: string): Promise<{ head: string; socket: Socket }> {
  const socket = connect(portOf(outlet), '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nhost: ${authority}\r\n\r\n`);
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  return { head: String(chunk), socket };
}

const rows = () => log.list().requests;

describe('a plain request', () => {
  test('to an allowed host goes out as its client meant it, recorded in full', async () => {
    const answer = await ask('http://shop.example/a?b=1', { 'x-custom': '1' }, 'POST', 'hello');
    expect(answer.status).toBe(200);
    const seen = JSON.parse(answer.body);
    expect(seen.url).toBe('/a?b=1');
    expect(seen.headers.host).toBe('shop.example');
    expect(seen.headers['x-custom']).toBe('1');
    expect(dialled).toEqual([{ addresses: [PUBLIC], port: 80 }]);
    const [row] = rows();
    expect(row).toMatchObject({
      url: 'http://shop.example/a?b=1',
      initiator: 'backend',
      status: 200,
      requestBytes: 5,
    });
    expect(await log.detail(row?.id ?? 0)).toMatchObject({ requestBody: { text: 'hello' } });
  });

  test('leaves the proxy’s own headers and Vitrine’s secret behind', async () => {
    const { body } = await ask('http://shop.example/', {
      'proxy-authorization': 'Basic x',
      'proxy-connection': 'keep-alive',
      'x-isolated-auth': 'secret',
      authorization: 'Bearer theirs',
    });
    const { headers } = JSON.parse(body);
    expect(Object.keys(headers)).not.toContain('proxy-authorization');
    expect(Object.keys(headers)).not.toContain('proxy-connection');
    expect(Object.keys(headers)).not.toContain('x-isolated-auth');
    expect(headers.authorization).toBe('Bearer theirs');
  });

  test('keeps its connection for the next one', async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const once2 = async () => {
      const request = http.get({
        host: '127.0.0.1',
        port: portOf(outlet),
        path: 'http://shop.example/',
        agent,
      });
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      await text(response);
      return request.reusedSocket;
    };
    expect([await once2(), await once2()]).toEqual([false, true]);
    agent.destroy();
  });

  test('to a host that is not allowed is refused, with the way to allow it', async () => {
    const { status, body } = await ask('http://other.example/');
    expect(status).toBe(403);
    expect(body).toContain('other.example:80');
    expect(body).toContain('isolation.backend.allow');
    const asJson = await ask('http://other.example/', { accept: 'application/json' });
    expect(JSON.parse(asJson.body).error.code).toBe('EGRESS_BLOCKED');
    expect(rows()[0]).toMatchObject({ blocked: true, status: 403 });
    expect(dialled).toEqual([]);
  });

  test('is allowed the moment the policy allows it', async () => {
    expect((await ask('http://other.example/')).status).toBe(403);
    policy = { ...policy, allowed: [...policy.allowed, 'other.example'] };
    expect((await ask('http://other.example/')).status).toBe(200);
  });

  test('that names no absolute address is told so', async () => {
    expect((await ask('/path')).status).toBe(400);
    expect((await ask('https://shop.example/')).status).toBe(400);
    expect((await ask('ftp://shop.example/')).status).toBe(400);
  });

  test('is ended when the answer breaks off', async () => {
    listener = (_request, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('half');
      setImmediate(() => response.destroy());
    };
    await expect(ask('http://shop.example/')).rejects.toThrow();
    await expect.poll(() => rows()[0]?.error).toContain('broke off');
  });

  test('to a host that cannot be reached is 502', async () => {
    createGate({ dial: () => Promise.reject(new Error('refused')) });
    expect((await ask('http://shop.example/')).status).toBe(502);
    createGate({ resolve: () => Promise.reject(new Error('ENOTFOUND')) });
    expect((await ask('http://shop.example/')).status).toBe(502);
    expect(rows().every(({ blocked }) => !blocked)).toBe(true);
  });
});

describe('a tunnel', () => {
  test('carries bytes both ways, counted', async () => {
    const { head, socket } = await tunnel('shop.example:443');
    expect(head).toMatch(/^HTTP\/1\.1 200 /);
    socket.write('GET /t HTTP/1.1\r\nhost: shop.example\r\nconnection: close\r\n\r\n');
    expect(await text(socket)).toContain('"url":"/t"');
    await expect.poll(() => rows()[0]?.durationMs).toBeDefined();
    const [row] = rows();
    expect(row).toMatchObject({ kind: 'tunnel', method: 'CONNECT', url: 'shop.example:443', status: 200 });
    expect(row?.requestBytes).toBeGreaterThan(30);
    expect(row?.responseBytes).toBeGreaterThan(30);
  });

  test('keeps what the client sent right behind its request', async () => {
    const socket = connect(portOf(outlet), '127.0.0.1');
    socket.write(
      'CONNECT shop.example:443 HTTP/1.1\r\nhost: x\r\n\r\nGET /early HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n',
    );
    expect(await text(socket)).toContain('"url":"/early"');
  });

  test('is cut when its host is not allowed any more, and others stay', async () => {
    const doomed = await tunnel('shop.example:443');
    const kept = await tunnel('a.cdn.example:443');
    policy = { ...policy, allowed: ['*.cdn.example'] };
    gate.policyChanged();
    await once(doomed.socket, 'close');
    expect(kept.socket.destroyed).toBe(false);
    await expect
      .poll(() => rows().find(({ url }) => url === 'shop.example:443')?.error)
      .toContain('not allowed any more');
    kept.socket.destroy();
  });

  test.each([
    ['shop.example:25', 'a port nobody named'],
    ['shop.example:8443', 'a port nobody named'],
    ['api.example:443', 'another port than the one named'],
    ['cdn.example:443', 'the host itself where what is below it is allowed'],
    ['evilcdn.example:443', 'attack 11: a name that only ends alike'],
    ['shop.example.evil.example:443', 'attack 11: a name that only begins alike'],
  ])('to %s is refused: %s', async (authority) => {
    const { head, socket } = await tunnel(authority);
    expect(head).toMatch(/^HTTP\/1\.1 403 /);
    socket.destroy();
    expect(dialled).toEqual([]);
  });

  test.each([
    'shop.example',
    'shop.example:0',
    'shop.example:99999',
    'user@shop.example:443',
    'http://shop.example:443',
    '/',
  ])('to %s is no request', async (authority) => {
    const { head, socket } = await tunnel(authority);
    expect(head).toMatch(/^HTTP\/1\.1 400 /);
    socket.destroy();
  });
});

describe('this machine and its networks', () => {
  const attempts = [
    'http://127.0.0.1:9000/',
    'http://localhost:9000/',
    'http://x.localhost:9000/',
    'http://[::1]:9000/',
    'http://[::ffff:127.0.0.1]:9000/',
    'http://[::ffff:7f00:1]:9000/',
    'http://2130706433:9000/',
    'http://0x7f000001:9000/',
    'http://0177.0.0.1:9000/',
    'http://127.1:9000/',
    'http://0:9000/',
    'http://0.0.0.0:9000/',
    'http://169.254.169.254/latest/meta-data/',
    'http://[fd00:ec2::254]/',
    'http://10.0.0.5:9000/',
    'http://192.168.1.1/',
    'http://[fe80::1]/',
    'http://rebound.example/',
  ];
  test.each(attempts)('%s is not reached, not even under open', async (url) => {
    names['rebound.example'] = ['127.0.0.1'];
    policy = { policy: 'open', allowed: [] };
    expect((await ask(url)).status).toBe(403);
    expect(dialled).toEqual([]);
  });

  test('an entry with address and port admits just that', async () => {
    policy = { policy: 'allowlist', allowed: ['localhost:9000', '10.0.0.5:9000'] };
    expect((await ask('http://localhost:9000/')).status).toBe(200);
    expect((await ask('http://10.0.0.5:9000/')).status).toBe(200);
    expect((await ask('http://localhost:9001/')).status).toBe(403);
    expect((await ask('http://127.0.0.1:9000/')).status).toBe(403);
  });

  test('a name that is allowed without a port does not lead inside; with one it leads to networks, never to this machine', async () => {
    names['shop.example'] = ['10.0.0.5'];
    names['api.example'] = ['10.0.0.5'];
    expect((await ask('http://shop.example/')).status).toBe(403);
    expect((await ask('http://api.example:8443/')).status).toBe(200);
    names['api.example'] = ['127.0.0.1'];
    expect((await ask('http://api.example:8443/')).status).toBe(403);
  });

  test('of a name with addresses inside and outside only those outside are tried', async () => {
    names['shop.example'] = ['127.0.0.1', PUBLIC, '::1'];
    expect((await ask('http://shop.example/')).status).toBe(200);
    expect(dialled).toEqual([{ addresses: [PUBLIC], port: 80 }]);
  });

  test('attack 4: a name that changes its answer is connected where it was checked', async () => {
    const answers = [[PUBLIC], ['127.0.0.1']];
    let lookups = 0;
    createGate({
      resolve: async () => answers[lookups++] ?? ['127.0.0.1'],
      dial: (addresses, port, signal) => {
        dialled.push({ addresses, port });
        return dial(['127.0.0.1'], portOf(internet), signal);
      },
    });
    expect((await ask('http://shop.example/')).status).toBe(200);
    expect(lookups).toBe(1);
    expect(dialled).toEqual([{ addresses: [PUBLIC], port: 80 }]);
    expect((await ask('http://shop.example/')).status).toBe(403);
  });

  test('Vitrine’s own ports are never reached, even by an entry that names them', async () => {
    policy = { policy: 'open', allowed: ['localhost:4444', '127.0.0.1:4444', '[::1]:4444'] };
    for (const host of ['localhost', '127.0.0.1', '[::1]']) {
      expect((await ask(`http://${host}:4444/`)).status).toBe(403);
      const { head, socket } = await tunnel(`${host}:4444`);
      expect(head).toMatch(/^HTTP\/1\.1 403 /);
      socket.destroy();
    }
  });
});

describe('tricks', () => {
  test('the Host header says nothing: the address does', async () => {
    expect((await ask('http://other.example/', { host: 'shop.example' })).status).toBe(403);
    const { body } = await ask('http://shop.example/', { host: 'other.example' });
    expect(JSON.parse(body).headers.host).toBe('shop.example');
  });

  test.each([
    'http://shop.example@other.example/',
    'http://shop.example:80@127.0.0.1:9000/',
    'http://other.example\\@shop.example/',
    'http://user:pass@shop.example/',
  ])('%s is no address', async (url) => {
    expect((await ask(url)).status).toBe(400);
    expect(dialled).toEqual([]);
  });

  test('a fragment or a path does not change the host', async () => {
    expect((await ask('http://other.example/#@shop.example')).status).toBe(403);
    expect((await ask('http://other.example?shop.example')).status).toBe(403);
  });

  test('none lets nothing out, whatever is listed', async () => {
    policy = { policy: 'none', allowed: ['shop.example'] };
    const { status, body } = await ask('http://shop.example/');
    expect(status).toBe(403);
    expect(body).toContain('egress is none');
  });

  test('open lets everything public out but mail', async () => {
    policy = { policy: 'open', allowed: [] };
    expect((await ask('http://other.example:8080/')).status).toBe(200);
    const { head, socket } = await tunnel('other.example:25');
    expect(head).toMatch(/^HTTP\/1\.1 403 /);
    socket.destroy();
  });

  test('a proxy that asks itself is stopped', async () => {
    policy = { policy: 'open', allowed: ['localhost:9000'] };
    // What stands for the internet is the gate’s own outlet.
    createGate({ dial: (_addresses, _port, signal) => dial(['127.0.0.1'], portOf(outlet), signal) });
    const via = await ask('http://shop.example/');
    expect(via.status).toBeGreaterThanOrEqual(400);
    expect(rows().length).toBeLessThan(6);
  });

  test('an upgrade in plain text is refused', async () => {
    const socket = connect(portOf(outlet), '127.0.0.1');
    socket.write(
      'GET http://shop.example/ HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n',
    );
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 /);
  });

  test('attack 22: two lengths, a length beside chunks and folded lines are refused', async () => {
    for (const lines of [
      'Content-Length: 5\r\nContent-Length: 6',
      'Content-Length: 5\r\nTransfer-Encoding: chunked',
      'X-A: 1\r\n folded: 2\r\nTransfer-Encoding: chunked, identity',
    ]) {
      const socket = connect(portOf(outlet), '127.0.0.1');
      socket.write(`POST http://shop.example/ HTTP/1.1\r\nHost: shop.example\r\n${lines}\r\n\r\n0\r\n\r\n`);
      expect(await text(socket), lines).toMatch(/^HTTP\/1\.1 400 /);
    }
    expect(dialled).toEqual([]);
  });
});

describe('bounds', () => {
  test('headers that are too large are refused', async () => {
    const socket = connect(portOf(outlet), '127.0.0.1');
    socket.write(`GET http://shop.example/ HTTP/1.1\r\nHost: x\r\nX-Big: ${'x'.repeat(20_000)}\r\n\r\n`);
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 431 /);
  });

  test('connections beyond the bound are turned away, and there is room again when one ends', async () => {
    createGate({ maxConnections: 2 });
    const first = await tunnel('shop.example:443');
    const second = await tunnel('shop.example:443');
    const third = connect(portOf(outlet), '127.0.0.1');
    expect(await text(third)).toMatch(/^HTTP\/1\.1 503 /);
    first.socket.destroy();
    await expect
      .poll(async () => (await ask('http://shop.example/').catch(() => ({ status: 0 }))).status)
      .toBe(200);
    second.socket.destroy();
  });

  test('a connection that asks nothing, or asks too slowly, is closed', async () => {
    createGate({ idleMs: 100 });
    const silent = connect(portOf(outlet), '127.0.0.1');
    silent.resume();
    const slow = connect(portOf(outlet), '127.0.0.1');
    slow.resume();
    slow.write('GET http://shop.example/ HTTP/1.1\r\nho');
    await Promise.all([once(silent, 'close'), once(slow, 'close')]);
  });

  test('closing cuts what is open', async () => {
    const { socket } = await tunnel('shop.example:443');
    gate.close();
    await once(socket, 'close');
    await expect.poll(() => rows()[0]?.durationMs).toBeDefined();
  });
});
