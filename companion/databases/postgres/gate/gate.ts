import type { Duplex } from 'node:stream';
import type { PostgresServer } from '../server.ts';
import { StartError } from './messages.ts';
import { Session } from './session.ts';

/** More than any pool of one project takes; each costs the companion two sockets. */
const MAX_CONNECTIONS = 100;

/** A database that an environment may connect to, as one role. */
export interface Grant {
  server: PostgresServer;
  database: string;
  role: string;
}

/**
 * What stands between the pods and the servers: an environment reaches the databases it was granted, as the role it
 * was granted them, and nothing else of the server. The password is checked by the server itself.
 */
export class Gate {
  readonly #environments = new Map<string, Admitted>();
  #isClosed = false;

  /** Lets an environment in. What it returns ends that, with the connections that came of it. */
  grant(environmentId: string, grant: Grant): () => void {
    const admitted = this.#of(environmentId);
    for (const other of admitted.grants)
      if (other.database === grant.database && other.role === grant.role) admitted.grants.delete(other);
    admitted.grants.add(grant);
    return () => {
      admitted.grants.delete(grant);
      for (const session of admitted.sessions) if (session.database === grant.database) session.end(REVOKED);
      this.#forget(environmentId, admitted);
    };
  }

  /** Ends an environment's connections and refuses new ones until what it returns is called. */
  block(environmentId: string, why: string): () => void {
    const admitted = this.#of(environmentId);
    const reason = new StartError('57P03', why, 'Try again in a moment.');
    admitted.blocks.add(reason);
    for (const session of admitted.sessions) session.end(reason);
    return () => {
      admitted.blocks.delete(reason);
      this.#forget(environmentId, admitted);
    };
  }

  /** Ends all that an environment has, for good. */
  remove(environmentId: string): void {
    const admitted = this.#environments.get(environmentId);
    this.#environments.delete(environmentId);
    if (!admitted) return;
    admitted.grants.clear();
    for (const session of admitted.sessions) session.end(REVOKED);
  }

  accept(environmentId: string, connection: Duplex): void {
    const admitted = this.#of(environmentId);
    const session = new Session(connection, {
      find: (database, role) => admitted.find(database, role),
      holder: (key) => admitted.keys.get(key) ?? null,
      onKey: (key, server) => admitted.keys.set(key, server),
      onClosed: (key) => {
        admitted.sessions.delete(session);
        if (key) admitted.keys.delete(key);
        this.#forget(environmentId, admitted);
      },
    });
    admitted.sessions.add(session);
    if (this.#isClosed) session.end(CLOSING);
    else if (admitted.sessions.size > MAX_CONNECTIONS) session.end(TOO_MANY);
    else session.start();
  }

  close(): void {
    this.#isClosed = true;
    for (const { sessions } of this.#environments.values())
      for (const session of sessions) session.end(CLOSING);
  }

  #of(environmentId: string): Admitted {
    let admitted = this.#environments.get(environmentId);
    if (!admitted) {
      admitted = new Admitted();
      this.#environments.set(environmentId, admitted);
    }
    return admitted;
  }

  /** Nothing is kept of environments that have nothing. */
  #forget(environmentId: string, admitted: Admitted): void {
    const isIdle = admitted.grants.size + admitted.blocks.size + admitted.sessions.size === 0;
    if (isIdle && this.#environments.get(environmentId) === admitted)
      this.#environments.delete(environmentId);
  }
}

/** What the gate knows of one environment. */
class Admitted {
  readonly grants = new Set<Grant>();
  readonly blocks = new Set<StartError>();
  readonly sessions = new Set<Session>();
  /** Keys that cancel statements of this environment's own connections. */
  readonly keys = new Map<string, PostgresServer>();

  /** Throws what a driver shows. */
  find(database: string, role: string): Grant {
    for (const reason of this.blocks) throw reason;
    for (const grant of this.grants) if (grant.database === database && grant.role === role) return grant;
    throw new StartError(
      '28000',
      `role "${role.slice(0, 63)}" may not connect to database "${database.slice(0, 63)}" from this environment`,
      'Use DATABASE_URL as the environment was given it.',
    );
  }
}

const TOO_MANY = new StartError(
  '53300',
  `this environment has ${MAX_CONNECTIONS} connections already`,
  'Use a smaller connection pool.',
);
const CLOSING = new StartError('57P01', 'the companion is closing');
const REVOKED = new StartError('57P01', 'this environment’s access to the database has ended');
