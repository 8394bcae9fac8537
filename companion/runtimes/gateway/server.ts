import { chmodSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { openOutletPorts } from './outlet-ports.ts';
import { BACKLOG, ERROR_HEADER, type GatewayAddress, type GatewayOutlet } from './protocol.ts';
import { type RequestHead, readRequestHead } from './request-head.ts';
import { splice } from './splice.ts';

export type { GatewayAddress } from './protocol.ts';

export interface GatewayOptions {
  secret: string;
  listen: GatewayAddress;
  outlets?: GatewayOutlet[];
}

export interface GatewayServer {
  /** Where it really listens. */
  readonly address: GatewayAddress;
  /** Stops listening and cuts every connection. */
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 10_000;
const REFUSED_LINGER_MS = 2_000;
const REASONS = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
} as const;

/**
 * Starts the only way into a pod, and out of it: an HTTP CONNECT proxy to the ports of the pod's loopback interface,
 * and the outlets' ports. Anything but what protocol.ts names, with the pod's secret, is refused.
 */
export async function startGateway({ secret, listen, outlets = [] }: GatewayOptions): Promise<GatewayServer> {
  const sockets = new Set<Duplex>();
  const expected = Buffer.from(secret, 'latin1');
  const ports = await openOutletPorts(outlets, (connection) => track(sockets, connection));
  const answer = (client: Socket, { method, target, auth }: RequestHead) => {
    if (method !== 'CONNECT') return refuse(client, 405);
    if (!isEqual(Buffer.from(auth, 'latin1'), expected)) return refuse(client, 403);
    const outlet = /^outlet:(\w+)$/.exec(target)?.[1];
    if (outlet !== undefined) {
      const outcome = ports.offer(outlet, client);
      return outcome === 'waiting' ? undefined : refuse(client, outcome);
    }
    const port = loopbackPort(target);
    if (port === null) return refuse(client, 400);
    void dial(port, client, sockets);
  };
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    track(sockets, client);
    client.on('error', () => {}); // told by `close`
    readRequestHead(client, (head) => answer(client, head));
  });
  await listening(server, listen).catch((error: unknown) => {
    ports.close();
    throw error;
  });
  return {
    address: 'socket' in listen ? listen : { port: (server.address() as AddressInfo).port }, // TCP: never null or text
    close: () =>
      new Promise((resolve) => {
        ports.close();
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function listening(server: Server, listen: GatewayAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    const done = () => {
      server.off('error', reject);
      server.on('error', () => {}); // of accept(2), when file descriptors run out: the next one may pass
      // The directory is private to the companion; the companion may run under another uid than the pod.
      if ('socket' in listen) chmodSync(listen.socket, 0o666);
      resolve();
    };
    if ('socket' in listen) server.listen({ path: listen.socket, backlog: BACKLOG }, done);
    else server.listen({ host: listen.host ?? '127.0.0.1', port: listen.port, backlog: BACKLOG }, done);
  });
}

async function dial(port: number, client: Socket, sockets: Set<Duplex>): Promise<void> {
  let upstream: Socket;
  try {
    upstream = await dialLoopback(port, client);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'EUNKNOWN';
    return refuse(client, 502, code);
  }
  if (client.destroyed) {
    upstream.destroy();
    return;
  }
  track(sockets, upstream);
  client.write('HTTP/1.1 200 Connection established\r\n\r\n');
  splice(client, upstream);
}

/** Servers told to listen on "localhost" may be on ::1 only, so that is tried where 127.0.0.1 refuses. */
async function dialLoopback(port: number, client: Socket): Promise<Socket> {
  try {
    return await dialHost('127.0.0.1', port, client);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED')) throw error;
    // Whatever goes wrong on ::1 (no IPv6 here, …), the answer people can use is the first one.
    return await dialHost('::1', port, client).catch(() => Promise.reject(error));
  }
}

function dialHost(host: string, port: number, client: Socket): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, allowHalfOpen: true, noDelay: true });
    const fail = (error: Error) => {
      client.off('close', onClientClosed);
      socket.destroy();
      reject(error);
    };
    const onClientClosed = () => fail(new Error('The client went away'));
    client.once('close', onClientClosed);
    socket.setTimeout(CONNECT_TIMEOUT_MS, () =>
      fail(Object.assign(new Error('Timed out'), { code: 'ETIMEDOUT' })),
    );
    socket.once('error', fail);
    socket.once('connect', () => {
      client.off('close', onClientClosed);
      socket.off('error', fail);
      socket.setTimeout(0);
      resolve(socket);
    });
  });
}

function refuse(socket: Duplex, status: keyof typeof REASONS, code?: string): void {
  const error = code ? `${ERROR_HEADER}: ${code}\r\n` : '';
  const allow = status === 405 ? 'allow: CONNECT\r\n' : '';
  const head = `HTTP/1.1 ${status} ${REASONS[status]}\r\n${error}${allow}content-length: 0\r\nconnection: close\r\n\r\n`;
  socket.end(head);
  socket.resume();
  // Who does not hang up then is cut off; at once, what it still sends would make the kernel drop the answer.
  setTimeout(() => socket.destroy(), REFUSED_LINGER_MS).unref();
}

function loopbackPort(target: string): number | null {
  const port = Number(/^127\.0\.0\.1:(\d{1,5})$/.exec(target)?.[1]);
  return port >= 1 && port <= 65_535 ? port : null;
}

/**
 * Takes equally long wherever they differ. Not with node:crypto, which takes a tenth of the time a pod takes to
 * start; that the length shows does no harm.
 */
function isEqual(left: Buffer, right: Buffer): boolean {
  if (left.length !== right.length) return false;
  let difference = 0;
  for (let at = 0; at < left.length; at += 1) difference |= (left[at] ?? 0) ^ (right[at] ?? 0);
  return difference === 0;
}

function track(sockets: Set<Duplex>, socket: Duplex): void {
  sockets.add(socket);
  socket.once('close', () => sockets.delete(socket));
}
