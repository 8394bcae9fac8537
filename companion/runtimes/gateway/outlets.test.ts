import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Outlet } from '../runtime.ts';
import { openOutletLoopback, openOutletSockets, outletSocketName } from './outlet-sockets.ts';
import { supplyOutlets } from './outlet-supply.ts';
import { type GatewayOutlet, MAX_OFFERED } from './protocol.ts';
import { type GatewayServer, startGateway } from './server.ts';
import { openTunnel } from './tunnel.ts';

const SECRET = 'gateway-secret';

interface Place {
  /** Connects to the outlet as something inside the pod does. */
  dial(allowHalfOpen?: boolean): Socket;
  gateway: GatewayServer;
  /** The companion's end goes; the gateway stays. */
  closeOutlets(): void;
}

type Accept = (connection: Duplex) => void;

/** A free port of this machine: what the pod's own network has plenty of. */
async function freePort(): Promise<number> {
  const { ports, close } = await openOutletLoopback([{ name: 'egress', port: 0, accept: () => {} }]);
  close();
  return ports.get('egress') ?? 0;
}

async function throughSockets(accept: Accept): Promise<Place> {
  const directory = await mkdtemp(join(tmpdir(), 'vitrine-outlet-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const outlet: Outlet = { name: 'egress', port: await freePort(), accept };
  const open = await openOutletSockets([outlet], directory);
  const gateway = await withGateway({ socket: join(directory, 'g.sock') }, [
    { name: 'egress', port: outlet.port, socket: join(directory, outletSocketName('egress')) },
  ]);
  onTestFinished(() => open.close());
  return {
    dial: (allowHalfOpen) => dial(outlet.port, allowHalfOpen),
    gateway,
    closeOutlets: () => open.close(),
  };
}

async function throughSupply(accept: Accept): Promise<Place> {
  const outlet: Outlet = { name: 'egress', port: await freePort(), accept };
  const gateway = await withGateway({ port: 0 }, [{ name: 'egress', port: outlet.port }]);
  const open = supplyOutlets({ address: gateway.address, secret: SECRET, outlets: [outlet] });
  onTestFinished(() => open.close());
  return {
    dial: (allowHalfOpen) => dial(outlet.port, allowHalfOpen),
    gateway,
    closeOutlets: () => open.close(),
  };
}

async function withGateway(
  listen: { socket: string } | { port: number },
  outlets: GatewayOutlet[],
): Promise<GatewayServer> {
  const gateway = await startGateway({ secret: SECRET, listen, outlets });
  onTestFinished(() => gateway.close());
  return gateway;
}

function dial(port: number, allowHalfOpen = false): Socket {
  const socket = connect({ host: '127.0.0.1', port, allowHalfOpen });
  socket.on('error', () => {});
  onTestFinished(() => void socket.destroy());
  return socket;
}

const closed = (stream: Duplex) => new Promise<void>((resolve) => stream.once('close', () => resolve()));

describe.each([
  ['sockets that the gateway sees', throughSockets],
  ['connections that the companion supplies', throughSupply],
])('outlets over %s', (_how, open) => {
  test('what connects inside is handed to the companion, bytes both ways', async () => {
    const { dial } = await open((connection) => connection.pipe(connection));
    for (let round = 0; round < 3; round += 1) {
      const socket = dial();
      socket.end(`message ${round}`);
      expect((await buffer(socket)).toString()).toBe(`message ${round}`);
    }
  });

  test('the companion may speak first', async () => {
    const { dial } = await open((connection) => connection.end('hello'));
    const socket = dial();
    expect((await buffer(socket)).toString()).toBe('hello');
  });

  test('who has ended its half still reads the other, either way round', async () => {
    const { dial } = await open((connection) => {
      connection.write('early');
      connection.once('data', () => {
        connection.end('last words');
        connection.resume();
      });
    });
    const socket = dial(true);
    await once(socket, 'data');
    socket.write('go on');
    let rest = '';
    socket.on('data', (chunk) => {
      rest += chunk;
    });
    await once(socket, 'end');
    expect(rest).toBe('last words');
    socket.end(Buffer.alloc(100_000));
    await closed(socket);
  });

  test('a slow companion holds the sender back', async () => {
    const accepted = Promise.withResolvers<Duplex>();
    const { dial } = await open((connection) => accepted.resolve(connection.pause()));
    const socket = dial();
    let sent = 0;
    const chunk = Buffer.alloc(64 * 1024);
    const fill = () => {
      while (sent < 64e6 && socket.write(chunk)) sent += chunk.length;
    };
    socket.on('drain', fill);
    fill();
    await accepted.promise;
    let before = -1;
    const hasSettled = () => {
      const same = before === sent;
      before = sent;
      return same;
    };
    await expect.poll(hasSettled, { interval: 150 }).toBe(true);
    expect(sent).toBeLessThan(30e6);
  });

  test('a reset on either side ends the other, and the next connection works', async () => {
    const accepted: Duplex[] = [];
    const { dial } = await open((connection) => {
      accepted.push(connection);
      connection.write('up');
      connection.on('end', () => connection.end()).resume();
    });
    const first = dial();
    await once(first, 'data');
    first.resetAndDestroy();
    await closed(accepted[0] as Duplex);
    const second = dial();
    await once(second, 'data');
    accepted[1]?.destroy();
    await closed(second);
    const third = dial();
    await once(third, 'data');
  });

  test('an owner that throws costs only that connection', async () => {
    let first = true;
    const { dial } = await open((connection) => {
      if (!first) return void connection.end('fine');
      first = false;
      throw new Error('broken');
    });
    await closed(dial().resume());
    expect((await buffer(dial())).toString()).toBe('fine');
  });

  test('200 connections at the same moment all pass', async () => {
    const { dial } = await open((connection) => connection.pipe(connection));
    const answers = await Promise.all(
      Array.from({ length: 200 }, async (_unused, index) => {
        const socket = dial();
        socket.end(`message ${index}`);
        return (await buffer(socket)).toString();
      }),
    );
    expect(answers).toEqual(Array.from({ length: 200 }, (_unused, index) => `message ${index}`));
  });

  test('closing cuts what stands', async () => {
    const { dial, closeOutlets } = await open((connection) => connection.write('up'));
    const socket = dial();
    await once(socket, 'data');
    closeOutlets();
    await closed(socket.resume());
  });

  test('a gateway that closes cuts what stands', async () => {
    const accepted = Promise.withResolvers<Duplex>();
    const { dial, gateway } = await open((connection) => {
      connection.on('end', () => connection.end()).resume();
      accepted.resolve(connection);
    });
    dial().write('x');
    const connection = await accepted.promise;
    await gateway.close();
    await closed(connection);
  });
});

describe('connections that the companion supplies', () => {
  const offer = (
    gateway: GatewayServer,
    name: string,
    secret = SECRET,
    signal = AbortSignal.timeout(5_000),
  ) =>
    openTunnel({ address: gateway.address, secret, target: `outlet:${name}`, allowHalfOpen: true }, signal);

  test('need the secret and an outlet that exists', async () => {
    const gateway = await withGateway({ port: 0 }, [{ name: 'egress', port: await freePort() }]);
    expect(await offer(gateway, 'egress', 'wrong')).toMatchObject({ status: 403 });
    expect(await offer(gateway, 'other')).toMatchObject({ status: 404 });
  });

  test('are bounded while they wait, and make room when they go', async () => {
    const gateway = await withGateway({ port: 0 }, [{ name: 'egress', port: await freePort() }]);
    const giveUp = new AbortController();
    onTestFinished(() => giveUp.abort());
    const waiting = Array.from({ length: MAX_OFFERED }, () =>
      offer(gateway, 'egress', SECRET, giveUp.signal).catch(() => 'given up'),
    );
    await expect.poll(() => offer(gateway, 'egress')).toMatchObject({ status: 503 });
    giveUp.abort();
    await Promise.all(waiting);
    const late = new AbortController();
    onTestFinished(() => late.abort());
    await expect
      .poll(() =>
        Promise.race([offer(gateway, 'egress', SECRET, late.signal).catch(() => 'over'), settled()]),
      )
      .toBe('waits');
  });

  test('come late: what connected meanwhile is served in order', async () => {
    const outlet: Outlet = {
      name: 'egress',
      port: await freePort(),
      accept: (connection) => connection.pipe(connection),
    };
    const gateway = await withGateway({ port: 0 }, [{ name: 'egress', port: outlet.port }]);
    const early = Array.from({ length: 20 }, () => dial(outlet.port));
    for (const [index, socket] of early.entries()) socket.end(String(index));
    await Promise.all(early.map((socket) => once(socket, 'connect')));
    const open = supplyOutlets({ address: gateway.address, secret: SECRET, outlets: [outlet] });
    onTestFinished(() => open.close());
    const answers = await Promise.all(early.map(async (socket) => (await buffer(socket)).toString()));
    expect(answers).toEqual(early.map((_socket, index) => String(index)));
  });

  test('are supplied again to a gateway that was gone', async () => {
    const port = await freePort();
    const address = { port: await freePort() };
    const outlet: Outlet = { name: 'egress', port, accept: (connection) => connection.end('served') };
    const open = supplyOutlets({ address, secret: SECRET, outlets: [outlet] });
    onTestFinished(() => open.close());
    await withGateway(address, [{ name: 'egress', port }]);
    expect((await buffer(dial(port))).toString()).toBe('served');
  });
});

const settled = () => new Promise((resolve) => setTimeout(() => resolve('waits'), 50));
