import type { Duplex } from 'node:stream';
import type { ClientConfig } from 'pg';
import type { Admin } from './admin.ts';

/** A PostgreSQL server that environments' databases are on. */
export interface PostgresServer {
  /** Short and stable, without credentials: tells servers apart in files. */
  readonly id: string;
  /** For sentences: "the embedded PostgreSQL server". */
  readonly name: string;
  /**
   * Does something with administrator's rights, on a server that runs meanwhile; done again from its beginning when
   * the server dies under it. Throws DATABASE_… errors.
   */
  run<T>(signal: AbortSignal, work: (admin: Admin) => Promise<T>): Promise<T>;
  /** Does something once, on a server that runs meanwhile. Throws DATABASE_… errors. */
  keepRunning<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>;
  /** A connection on which nothing was said yet, encrypted where the server wants that. */
  open(signal: AbortSignal): Promise<Duplex>;
  /** How one of our own clients connects. Only within `keepRunning`. */
  client(signal: AbortSignal): Promise<ClientConfig>;
  close(): Promise<void>;
}
