import { once } from 'node:events';
import { chmod } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Outlet } from '../runtime.ts';
import { BACKLOG, MAX_OUTLET_CONNECTIONS } from './protocol.ts';

/** The companion's part of outlets: what their connections arrive at. */
export interface OpenOutlets {
  /** Stops taking connections and cuts those that stand. Idempotent. */
  close(): void;
}

/** Name of an outlet's socket in a directory that the gateway sees. */
export const outletSocketName = (name: Outlet['name']) => `${name}.sock`;

/** Listens on a unix socket in `directory` for each outlet, for gateways that see that directory. */
export async function openOutletSockets(outlets: Outlet[], directory: string): Promise<OpenOutlets> {
  const { servers, close } = await openAll(outlets, (outlet) => ({
    path: join(directory, outletSocketName(outlet.name)),
  }));
  // The pod may run under another uid; only it sees the directory.
  await Promise.all([...servers.keys()].map((name) => chmod(join(directory, outletSocketName(name)), 0o666)));
  return { close };
}

/**
 * Listens on a free port of 127.0.0.1 for each outlet, for pods without a network of their own. Every program of
 * this machine can connect there: what an outlet leads to must check who asks.
 */
export async function openOutletLoopback(
  outlets: Outlet[],
): Promise<OpenOutlets & { ports: ReadonlyMap<string, number> }> {
  const { servers, close } = await openAll(outlets, () => ({ host: '127.0.0.1', port: 0 }));
  const portOf = (server: Server) => (server.address() as AddressInfo).port; // TCP, listening: never null or text
  return { close, ports: new Map([...servers].map(([name, server]) => [name, portOf(server)])) };
}

async function openAll(
  outlets: Outlet[],
  place: (outlet: Outlet) => { path: string } | { host: string; port: number },
) {
  const servers = new Map<Outlet['name'], Server>();
  const connections = new Set<Socket>();
  const close = () => {
    for (const server of servers.values()) server.close();
    for (const connection of connections) connection.destroy();
  };
  try {
    for (const outlet of outlets) {
      const server = createServer({ allowHalfOpen: true, noDelay: true }, (connection) =>
        handOver(outlet, connection, connections),
      );
      server.maxConnections = MAX_OUTLET_CONNECTIONS;
      servers.set(outlet.name, server);
      server.listen({ ...place(outlet), backlog: BACKLOG });
      await once(server, 'listening');
      server.on('error', () => {}); // of accept(2), when file descriptors run out: the next one may pass
    }
  } catch (error) {
    close();
    throw error;
  }
  return { servers, close };
}

/** Gives a connection to the outlet's owner, and remembers it until it is closed. */
export function handOver(outlet: Outlet, connection: Socket, connections: Set<Socket>): void {
  connections.add(connection);
  connection.once('close', () => connections.delete(connection));
  connection.on('error', () => {}); // a reset by something in the pod must never end the companion
  try {
    outlet.accept(connection);
  } catch {
    connection.destroy();
  }
}
