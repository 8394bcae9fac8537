import type { ClientConfig, Pool, PoolClient } from 'pg';
import { VitrineError } from '#shared/errors.ts';
import { loadPg } from './load-pg.ts';

/** CREATE DATABASE is the server's work more than ours. */
const MAX_CONNECTIONS = 4;
const CONNECT_DEADLINE_MS = 10_000;
const IDLE_MS = 10_000;
/** A template of many gigabytes may take minutes. */
const STATEMENT_DEADLINE_MS = 5 * 60_000;
/** How long a cancelled statement may take to end. */
const CANCEL_GRACE_MS = 10_000;

export interface ServerFacts {
  /** The major version: 18. */
  major: number;
  /** The role that administers. */
  role: string;
  isSuperuser: boolean;
  mayCreateDatabases: boolean;
  mayCreateRoles: boolean;
  maxConnections: number;
}

export type Row = Record<string, string | null>;

/**
 * Runs statements with administrator's rights, always in the maintenance database: what a task put into a database of
 * its own never runs with these rights.
 */
export class Admin {
  readonly #config: ClientConfig;
  readonly #pool: Pool;
  #facts: ServerFacts | undefined;
  #closed: Promise<void> | undefined;

  private constructor(config: ClientConfig, pool: Pool) {
    this.#config = config;
    this.#pool = pool;
  }

  static async connect(config: ClientConfig, signal: AbortSignal): Promise<Admin> {
    const { Pool } = await loadPg();
    const pool = new Pool({
      ...config,
      application_name: 'vitrine',
      max: MAX_CONNECTIONS,
      idleTimeoutMillis: IDLE_MS,
      connectionTimeoutMillis: CONNECT_DEADLINE_MS,
      statement_timeout: STATEMENT_DEADLINE_MS,
      allowExitOnIdle: true,
    });
    // An idle connection that breaks is replaced when one is needed; that one reports what is wrong.
    pool.on('error', () => undefined);
    // One that is busy tells it to the statement that it breaks.
    pool.on('connect', (client) => client.on('error', () => undefined));
    const admin = new Admin(config, pool);
    try {
      admin.#facts = await readFacts(admin, signal);
      return admin;
    } catch (error) {
      await admin.close();
      throw error;
    }
  }

  get facts(): ServerFacts {
    if (!this.#facts) throw new Error('Expected to be connected');
    return this.#facts;
  }

  /**
   * Runs one statement, or several in one transaction, separated by semicolons. Values are strings, as the server
   * writes them. Aborted, it cancels the statement and waits until it is over.
   */
  async query(sql: string, signal: AbortSignal): Promise<Row[]> {
    signal.throwIfAborted();
    const client = await this.#pool.connect();
    let cancelling: Promise<void> | undefined;
    const onAbort = () => {
      cancelling = this.#cancel(client);
    };
    try {
      signal.throwIfAborted();
      signal.addEventListener('abort', onAbort, { once: true });
      // All values as the text the server sent: numbers may be larger than ours.
      const result = await client.query<Row>({ text: sql, types: { getTypeParser: () => String } });
      return result.rows ?? [];
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      signal.removeEventListener('abort', onAbort);
      // A cancel that comes late would end this connection's next statement.
      await cancelling;
      client.release(cancelling !== undefined);
    }
  }

  /** May be called again. */
  close(): Promise<void> {
    this.#closed ??= this.#pool.end();
    return this.#closed;
  }

  /** Ends what a connection is doing, on one of its own: those of the pool may all be busy. */
  async #cancel(busy: PoolClient & { processID?: number | null }): Promise<void> {
    const { Client } = await loadPg();
    const client = new Client({
      ...this.#config,
      connectionTimeoutMillis: CANCEL_GRACE_MS,
      query_timeout: CANCEL_GRACE_MS,
    });
    client.on('error', () => undefined); // then the statement ends by its own deadline
    try {
      await client.connect();
      await client.query('SELECT pg_cancel_backend($1)', [busy.processID]);
    } catch {
      // The server is gone, and the statement with it.
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

async function readFacts(admin: Admin, signal: AbortSignal): Promise<ServerFacts> {
  const [row] = await admin.query(
    `SELECT current_setting('server_version_num') AS version, current_setting('max_connections') AS connections,
       rolname AS role, rolsuper::text AS super, rolcreatedb::text AS databases, rolcreaterole::text AS roles
     FROM pg_roles WHERE rolname = current_user`,
    signal,
  );
  if (!row)
    throw new VitrineError({
      code: 'DATABASE_UNAVAILABLE',
      message: 'The PostgreSQL server did not tell who is connected',
      remedy: 'Connect to a PostgreSQL server itself, not through a pooler.',
      status: 502,
    });
  return {
    major: Math.floor(Number(row.version) / 10_000),
    role: row.role ?? '',
    isSuperuser: row.super === 'true',
    mayCreateDatabases: row.databases === 'true' || row.super === 'true',
    mayCreateRoles: row.roles === 'true' || row.super === 'true',
    maxConnections: Number(row.connections),
  };
}
