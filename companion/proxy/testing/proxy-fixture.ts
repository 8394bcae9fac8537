import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import {
  type AddressInfo,
  connect,
  createServer as createTcpServer,
  type Server as NetServer,
  type Socket,
} from 'node:net';
import { text } from 'node:stream/consumers';
import { type Listening, listenOnLoopback } from '../../api/listen.ts';
import { BackendProxy } from '../backend-proxy.ts';
import type { BackendTarget, ChosenReplica } from '../backend-target.ts';
import { NetworkLog } from '../network-log.ts';

export const SECRET = 'secret-of-the-environment';

export interface ProxyFixture {
  readonly port: number;
  readonly log: NetworkLog;
  readonly proxy: BackendProxy;
  /** Host header of the preview. */
  readonly host: string;
  /** How often a replica was chosen and not released yet. */
  readonly held: () => number;
  /** Connections opened to the backend so far. */
  readonly connections: () => number;
  /** Sends bytes as they are and collects everything until the connection ends. */
  raw(request: string | Buffer): Promise<string>;
  close(): Promise<void>;
}

export interface FixtureOptions {
  /** Wraps or replaces the choice of the one replica. */
  choose?(usual: () => ChosenReplica, ...args: Parameters<BackendTarget['choose']>): Promise<ChosenReplica>;
}

/** A companion's listener with a proxy in front of a backend on a real port. */
export async function startProxy(
  backend: Server | NetServer,
  options: FixtureOptions = {},
): Promise<ProxyFixture> {
  const backendSockets = new Set<Socket>();
  backend.on('connection', (socket: Socket) => {
    backendSockets.add(socket);
    socket.once('close', () => backendSockets.delete(socket));
    socket.on('error', () => undefined);
  });
  if (!backend.listening) {
    backend.listen(0, '127.0.0.1');
    await once(backend, 'listening');
  }
  const { port: backendPort } = backend.address() as AddressInfo; // TCP: never null or text
  let held = 0;
  let connections = 0;
  const usual = (): ChosenReplica => {
    held += 1;
    return {
      key: 'one',
      label: 'backend',
      port: backendPort,
      connect: () => {
        connections += 1;
        return dial(backendPort);
      },
      release: () => {
        held -= 1;
      },
    };
  };
  const log = new NetworkLog(() => undefined);
  const proxy = new BackendProxy({
    target: { choose: async (...args) => (options.choose ? options.choose(usual, ...args) : usual()) },
    secret: SECRET,
    network: log,
  });
  const listening: Listening = await listenOnLoopback(0, {
    request: (request, response) => proxy.forward(request, response),
    upgrade: (request, socket, head) => proxy.upgrade(request, socket, head),
  });
  return {
    port: listening.port,
    host: `demo.localhost:${listening.port}`,
    log,
    proxy,
    held: () => held,
    connections: () => connections,
    raw: async (request) => {
      const socket = connect(listening.port, '127.0.0.1');
      socket.write(request);
      return text(socket);
    },
    close: async () => {
      proxy.close();
      await listening.close();
      for (const socket of backendSockets) socket.destroy();
      backend.close();
    },
  };
}

export const httpBackend = (listener: RequestListener): Server => createServer(listener);
/** A backend that is no HTTP server. */
export const rawBackend = (onConnection: (socket: Socket) => void): NetServer =>
  createTcpServer(onConnection);

function dial(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}
