import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import type { Lifetime } from '../lifetime.ts';

/** What only a service of the machine says. */
export const HOST_ANSWER = 'a service of the machine';

const ENGINE_SOCKETS = [
  '/var/run/docker.sock',
  '/run/docker.sock',
  '/run/podman/podman.sock',
  '/run/containerd/containerd.sock',
];

/** A service on every address of this machine, as a database or a dev server of the user is. */
export async function startHostService(lifetime: Lifetime): Promise<number> {
  const server = createServer((_request, response) => response.end(HOST_ANSWER)).listen(0, '0.0.0.0');
  lifetime.own(server, () => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  return (server.address() as AddressInfo).port; // listens on a port, not on a path
}

/** Every address under which this machine may be reached from a sandbox, and what containers call it. */
export function hostAddresses(): string[] {
  const own = Object.values(networkInterfaces()).flatMap((addresses = []) =>
    addresses.map(({ address, scopeid }) => (scopeid ? `${address}%${scopeid}` : address)),
  );
  // Where Docker's, Podman's and Docker Desktop's networks have their gateways, whether or not they exist now.
  const gateways = ['172.17.0.1', '172.18.0.1', '10.88.0.1', '192.168.65.2', '192.168.65.254'];
  const names = ['host.docker.internal', 'gateway.docker.internal', 'host.containers.internal'];
  return [...new Set(['127.0.0.1', '::1', '0.0.0.0', 'localhost', ...own, ...gateways, ...names])];
}

/** As it is written in a URL or a CONNECT request. */
export const authority = (host: string, port: number): string =>
  host.includes(':') ? `[${host.split('%')[0]}]:${port}` : `${host}:${port}`;

/** Other spellings of 127.0.0.1 that a filter may not know. */
export const LOOPBACK_SPELLINGS = [
  '127.1',
  '2130706433',
  '0x7f000001',
  '0177.0.0.1',
  '127.0.0.1.',
  '127.8.9.10',
  'LOCALHOST',
  'localhost.',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[64:ff9b::127.0.0.1]',
  '[::127.0.0.1]',
  '[::]',
];

/** Unix sockets below `path`, and those of container engines wherever they are. */
export async function hostSockets(path: string): Promise<string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const below = entries
    .filter((entry) => entry.isSocket())
    .map(({ parentPath, name }) => join(parentPath, name));
  const table = await readFile('/proc/net/unix', 'utf8');
  const listening = table.split('\n').flatMap((line) => /\s(\/\S+)$/.exec(line)?.[1] ?? []);
  const engines = listening.filter((each) => /docker|podman|containerd/.test(each));
  return [...new Set([...below, ...engines, ...ENGINE_SOCKETS])];
}
