import { createHash } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { ClientConfig } from 'pg';
import { VitrineError } from '#shared/errors.ts';
import { unlessAborted } from '../../unless-aborted.ts';
import { Admin } from '../admin.ts';
import { describeServerError } from '../errors.ts';
import type { PostgresServer } from '../server.ts';
import { openServerStream, tlsOptions } from './stream.ts';
import { parseServerUrl, type ServerUrl } from './url.ts';

/** DROP DATABASE … WITH (FORCE) came with it. */
const OLDEST_MAJOR = 13;
const CONNECT_DEADLINE_MS = 30_000;

/** The user's own server, which is neither started nor stopped. */
export class OwnServer implements PostgresServer {
  readonly id: string;
  readonly name: string;
  readonly #url: ServerUrl;
  #admin: Promise<Admin> | undefined;

  /** Throws DATABASE_URL_INVALID. */
  constructor(text: string) {
    this.#url = parseServerUrl(text);
    const { host, port, user } = this.#url;
    this.name = `the PostgreSQL server at ${host}:${port}`;
    this.id = createHash('sha256').update(`${user}@${host}:${port}`).digest('hex').slice(0, 16);
  }

  async run<T>(signal: AbortSignal, work: (admin: Admin) => Promise<T>): Promise<T> {
    try {
      return await work(await this.#connected(signal));
    } catch (error) {
      signal.throwIfAborted();
      throw describeServerError(error, this.name);
    }
  }

  keepRunning<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    return this.run(signal, work);
  }

  async open(signal: AbortSignal): Promise<Duplex> {
    try {
      return await openServerStream(this.#url, signal);
    } catch (error) {
      signal.throwIfAborted();
      throw describeServerError(error, this.name);
    }
  }

  async client(signal: AbortSignal): Promise<ClientConfig> {
    // What "prefer" comes to is seen once: the client library knows only yes and no.
    const probe = await this.open(signal);
    const isEncrypted = 'encrypted' in probe;
    probe.destroy();
    const { host, port } = this.#url;
    return { host, port, ssl: isEncrypted ? tlsOptions(this.#url) : false };
  }

  async close(): Promise<void> {
    const admin = await this.#admin?.catch(() => undefined); // there is none then
    await admin?.close();
  }

  /** Not ended by whoever asked for it first: others may be waiting. A failed attempt is not kept. */
  #connected(signal: AbortSignal): Promise<Admin> {
    if (!this.#admin) {
      const connecting = this.#connect(AbortSignal.timeout(CONNECT_DEADLINE_MS));
      this.#admin = connecting;
      connecting.catch(() => {
        if (this.#admin === connecting) this.#admin = undefined;
      });
    }
    return unlessAborted(this.#admin, signal);
  }

  async #connect(signal: AbortSignal): Promise<Admin> {
    const { user, password, database } = this.#url;
    const admin = await Admin.connect({ ...(await this.client(signal)), user, password, database }, signal);
    try {
      this.#check(admin);
      return admin;
    } catch (error) {
      await admin.close();
      throw error;
    }
  }

  #check({ facts }: Admin): void {
    if (facts.major < OLDEST_MAJOR)
      throw new VitrineError({
        code: 'DATABASE_VERSION_TOO_OLD',
        message: `${this.name.replace('the', 'The')} is version ${facts.major}; ${OLDEST_MAJOR} or newer is needed`,
        remedy: 'Use a newer server, or leave isolation.backend.database.url out for the embedded one.',
        status: 422,
      });
    const missing = [
      facts.mayCreateDatabases ? '' : 'CREATEDB',
      facts.mayCreateRoles ? '' : 'CREATEROLE',
    ].filter(Boolean);
    if (missing.length > 0)
      throw new VitrineError({
        code: 'DATABASE_RIGHTS_MISSING',
        message: `The role ${facts.role} may not make databases and roles on ${this.name}`,
        remedy: `Run there, as an administrator: ALTER ROLE "${facts.role}" ${missing.join(' ')};`,
        status: 422,
      });
  }
}
