import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { BACKLOG, type GatewayOutlet, MAX_OUTLET_CONNECTIONS } from './protocol.ts';
import { splice } from './splice.ts';
import { WaitingLine } from './waiting-line.ts';

/** Both loopback addresses: programs told "localhost" may take either. */
const HOSTS = ['127.0.0.1', '::1'];

/** The gateway's part of outlets: ports inside the pod that lead to the companion. */
export interface OutletPorts {
  /** Takes a connection that the companion opened for an outlet: 200 as soon as it is used, else why not. */
  offer(name: string, connection: Duplex): 'waiting' | 404 | 503;
  close(): void;
}

/** Listens on every outlet's port. `track` is told each connection, so that all can be cut at the end. */
export async function openOutletPorts(
  outlets: GatewayOutlet[],
  track: (connection: Duplex) => void,
): Promise<OutletPorts> {
  const lines = new Map<string, WaitingLine>();
  const servers: Server[] = [];
  const close = () => {
    for (const server of servers) server.close();
  };
  try {
    for (const { name, port, socket } of outlets) {
      const line = new WaitingLine((offered, wanting) => {
        offered.write('HTTP/1.1 200 Connection established\r\n\r\n');
        splice(offered, wanting);
      });
      if (!socket) lines.set(name, line);
      const onConnection = (inside: Socket) => {
        track(inside);
        inside.on('error', () => {}); // told by `close`
        if (!socket) return line.want(inside);
        // Joined before it stands: what comes meanwhile waits in the pipe, what fails closes both.
        const outside = connect({ path: socket, allowHalfOpen: true });
        track(outside);
        splice(inside, outside);
      };
      for (const host of HOSTS) {
        const server = await listen(host, port, onConnection);
        if (server) servers.push(server);
      }
    }
  } catch (error) {
    close();
    throw error;
  }
  return {
    close,
    offer: (name, connection) => {
      const line = lines.get(name);
      if (!line) return 404;
      return line.offer(connection) ? 'waiting' : 503;
    },
  };
}

/** Null where this machine has no IPv6. */
async function listen(
  host: string,
  port: number,
  onConnection: (socket: Socket) => void,
): Promise<Server | null> {
  const server = createServer({ allowHalfOpen: true, noDelay: true }, onConnection);
  server.maxConnections = MAX_OUTLET_CONNECTIONS;
  try {
    server.listen({ host, port, backlog: BACKLOG, ipv6Only: host === '::1' });
    await once(server, 'listening');
    return server;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (host === '::1' && (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT')) return null;
    throw error;
  }
}
