import type { IncomingMessage } from 'node:http';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { VitrineError } from '#shared/errors.ts';
import { refuseUnreadable } from '../proxy/refuse-unreadable.ts';

/** Tries for a port that is free on both loopback addresses. */
const MAX_TRIES = 20;
/** A client may be this slow with its headers (Node's default is 60 s); bodies may take as long as they like. */
const HEADERS_TIMEOUT_MS = 20_000;
/**
 * Longer than clients keep an idle connection: one that sends just as it is closed here gets an error, and a POST must
 * not be sent twice. Node's default is 5 s, which undici's 4 s met on a busy machine.
 */
const KEEP_ALIVE_MS = 65_000;

export interface Listening {
  port: number;
  close(): Promise<void>;
}

export interface ListenHandlers {
  request: RequestListener;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/**
 * Listens on the loopback addresses only, IPv4 and, where there is one, IPv6: browsers may try either for
 * `*.localhost`. Port 0 takes any. Throws PORT_TAKEN.
 */
export async function listenOnLoopback(wanted: number, handlers: ListenHandlers): Promise<Listening> {
  for (let attempt = 1; ; attempt++) {
    const servers: Server[] = [];
    try {
      const first = await listen('127.0.0.1', wanted, handlers);
      servers.push(first.server);
      const second = await listen('::1', first.port, handlers).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT') return null; // no IPv6 here
        throw error;
      });
      if (second) servers.push(second.server);
      return { port: first.port, close: () => closeAll(servers) };
    } catch (error) {
      await closeAll(servers);
      const isTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      if (!isTaken || wanted !== 0 || attempt === MAX_TRIES) throw isTaken ? portTaken(wanted, error) : error;
    }
  }
}

function listen(
  host: string,
  port: number,
  handlers: ListenHandlers,
): Promise<{ server: Server; port: number }> {
  const server = createServer(
    { headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: 0, keepAliveTimeout: KEEP_ALIVE_MS },
    handlers.request,
  );
  server.on('upgrade', handlers.upgrade);
  server.on('connect', (_request, socket) =>
    socket.end('HTTP/1.1 405 Method Not Allowed\r\nconnection: close\r\n\r\n'),
  );
  server.on('clientError', refuseUnreadable);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address();
      resolve({ server, port: typeof address === 'object' && address ? address.port : port });
    });
  });
}

async function closeAll(servers: Server[]): Promise<void> {
  const closing = servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
  for (const server of servers) server.closeAllConnections();
  await Promise.all(closing);
}

const portTaken = (port: number, cause: unknown) =>
  new VitrineError({
    code: 'PORT_TAKEN',
    message: `Port ${port} is used by another program.`,
    remedy: 'Set VITRINE_PORT to another port, or to 0 for any that is free.',
    cause,
  });
