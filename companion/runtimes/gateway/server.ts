import { createHash, timingSafeEqual } from 'node:crypto';
import { chmodSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { openOutletPorts } from './outlet-ports.ts';
import { AUTH_HEADER, BACKLOG, ERROR_HEADER, type GatewayAddress, type GatewayOutlet } from './protocol.ts';
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
const REASONS = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
} as const;

/**
 * Starts the only way into a pod, and out of it: an HTTP CONNECT proxy to the ports of the pod's loopback interface,
 * and the outlets' ports. Anything but what protocol.ts names, with the pod's secret, is refused.
 */
export async function startGateway({ secret, listen, outlets = [] }: GatewayOptions): Promise<GatewayServer> {
  const sockets = new Set<Duplex>();
  const server = createServer((_request, response) => {
    response.writeHead(405, { allow: 'CONNECT', connection: 'close' }).end();
  });
  const expected = digest(secret);

  server.on('connection', (socket) => track(sockets, socket));
  server.on('clientError', (_error, socket) => socket.destroy());
  server.on('upgrade', (_request, socket) => refuse(socket, 400));
  server.on('connect', (request, client, head) => {
    if (!timingSafeEqual(digest(authOf(request)), expected)) return refuse(client, 403);
    const outlet = /^outlet:(\w+)$/.exec(request.url ?? '')?.[1];
    if (outlet !== undefined) return offer(outlet, client);
    const port = loopbackPort(request.url);
    if (port === null) return refuse(client, 400);
    void dial(port, client, head, sockets);
  });

  const ports = await openOutletPorts(outlets, (connection) => track(sockets, connection));
  const offer = (name: string, connection: Duplex) => {
    connection.on('error', () => {}); // told by `close`
    const outcome = ports.offer(name, connection);
    if (outcome !== 'waiting') refuse(connection, outcome);
  };
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
      // The directory is private to the companion; the companion may run under another uid than the pod.
      if ('socket' in listen) chmodSync(listen.socket, 0o666);
      resolve();
    };
    if ('socket' in listen) server.listen({ path: listen.socket, backlog: BACKLOG }, done);
    else server.listen({ host: listen.host ?? '127.0.0.1', port: listen.port, backlog: BACKLOG }, done);
  });
}

async function dial(port: number, client: Duplex, head: Buffer, sockets: Set<Duplex>): Promise<void> {
  // The client may go away, or send on, while the service is being reached.
  client.on('error', () => client.destroy());
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
  if (head.length > 0) upstream.write(head);
  splice(client, upstream);
}

/** Servers told to listen on "localhost" may be on ::1 only, so that is tried where 127.0.0.1 refuses. */
async function dialLoopback(port: number, client: Duplex): Promise<Socket> {
  try {
    return await dialHost('127.0.0.1', port, client);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED')) throw error;
    // Whatever goes wrong on ::1 (no IPv6 here, …), the answer people can use is the first one.
    return await dialHost('::1', port, client).catch(() => Promise.reject(error));
  }
}

function dialHost(host: string, port: number, client: Duplex): Promise<Socket> {
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
  socket.on('error', () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status} ${REASONS[status]}\r\n${error}content-length: 0\r\nconnection: close\r\n\r\n`,
  );
  socket.resume();
}

function loopbackPort(target: string | undefined): number | null {
  const port = Number(/^127\.0\.0\.1:(\d{1,5})$/.exec(target ?? '')?.[1]);
  return port >= 1 && port <= 65_535 ? port : null;
}

function authOf(request: IncomingMessage): string {
  const value = request.headers[AUTH_HEADER];
  return typeof value === 'string' ? value : '';
}

/** Equal lengths for the timing-safe comparison, whatever was sent. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function track(sockets: Set<Duplex>, socket: Duplex): void {
  sockets.add(socket);
  socket.once('close', () => sockets.delete(socket));
}
