import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import pg from 'pg';
import { onTestFinished } from 'vitest';
import type { DatabaseProvider, DatabaseSpec } from '../database.ts';

/** A port of this machine that leads to the provider as an environment's outlet does. */
export async function openOutlet(
  provider: Pick<DatabaseProvider, 'accept'>,
  environmentId: string,
): Promise<{ port: number; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    provider.accept(environmentId, socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** An environment's database, and how a program in its pod connects to it. */
export interface Reached {
  spec: DatabaseSpec;
  env: Record<string, string>;
  port: number;
  detail: string;
  /** A connected client, closed with the test. */
  connect(overrides?: pg.ClientConfig): Promise<pg.Client>;
  /** Runs one statement on a connection of its own. */
  query(sql: string): Promise<Record<string, unknown>[]>;
}

/** Provisions an environment's database and opens its outlet until the test is over. */
export async function reach(provider: DatabaseProvider, spec: DatabaseSpec): Promise<Reached> {
  const { env, detail } = await provider.provision(spec, AbortSignal.timeout(60_000));
  const outlet = await openOutlet(provider, spec.environmentId);
  onTestFinished(() => outlet.close());
  const variables = env(outlet.port);
  const config: pg.ClientConfig = { connectionString: variables.DATABASE_URL };
  return {
    spec,
    env: variables,
    port: outlet.port,
    detail,
    async connect(overrides = {}) {
      const client = new pg.Client({
        host: '127.0.0.1',
        port: outlet.port,
        user: variables.PGUSER,
        password: variables.PGPASSWORD,
        database: variables.PGDATABASE,
        ssl: false,
        ...overrides,
      });
      client.on('error', () => undefined); // told by the query that it breaks
      onTestFinished(() => client.end().catch(() => undefined));
      await client.connect();
      return client;
    },
    query: (sql) => queryWith(config, sql),
  };
}

/** Runs one statement on a connection of its own. */
export async function queryWith(config: pg.ClientConfig, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(config);
  client.on('error', () => undefined); // told by the query
  try {
    await client.connect();
    return (await client.query(sql)).rows;
  } finally {
    await client.end().catch(() => undefined); // it may have been refused
  }
}
