import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { environmentIdSchema } from '#shared/identifiers.ts';
import type { DatabaseSpec, DatabaseUsage, ProvisionedDatabase, Snapshot } from '../database.ts';
import { Turns } from '../turns.ts';
import { connectionEnvironment } from './connection-environment.ts';
import { EmbeddedServer } from './embedded/server.ts';
import { EnvironmentDatabases } from './environment-databases.ts';
import { Gate } from './gate/gate.ts';
import { Names } from './names.ts';
import { OwnServer } from './own/server.ts';
import { Secret } from './secret.ts';

/** For what nobody aborts. */
const DEADLINE_MS = 60_000;

export interface PostgresOptions {
  /** Private to the companion: the secret, the embedded server and its data. */
  directory: string;
  /** How long the embedded server runs without being used, in milliseconds. */
  idleMs?: number;
}

/** Databases on PostgreSQL servers: the embedded one, and those that configurations name. */
export class PostgresEngine {
  readonly #names: Names;
  readonly #gate = new Gate();
  readonly #embedded: EmbeddedServer;
  readonly #servers = new Map<string, EnvironmentDatabases>();
  readonly #known: Set<string>;
  readonly #turns = new Turns();
  /** One file for each environment with a database, naming the server: what there is to remove later. */
  readonly #notes: string;

  private constructor(options: PostgresOptions, names: Names, known: ReadonlySet<string>) {
    this.#names = names;
    this.#known = new Set(known);
    this.#notes = join(options.directory, 'environments');
    this.#embedded = new EmbeddedServer({
      ...options,
      instance: names.instance,
      password: (role) => names.password(role),
    });
    this.#servers.set('', this.#databasesOn(this.#embedded));
  }

  /** `known` are the environments that exist. */
  static async create(options: PostgresOptions, known: ReadonlySet<string>): Promise<PostgresEngine> {
    const names = new Names(await Secret.load(options.directory));
    return new PostgresEngine(options, names, known);
  }

  accept(environmentId: string, connection: Duplex): void {
    this.#gate.accept(environmentId, connection);
  }

  provision(spec: DatabaseSpec, signal: AbortSignal): Promise<ProvisionedDatabase> {
    this.#known.add(spec.environmentId);
    return this.#turns.take(spec.environmentId, async () => {
      const databases = this.#of(spec);
      await this.#note(spec.environmentId, databases.server.id);
      const detail = await databases.provision(spec, signal);
      const name = this.#names.environment(spec.environmentId);
      const login = { user: name, password: this.#names.password(name), database: name };
      return { env: (port) => connectionEnvironment(login, port), detail };
    });
  }

  /** A server of the user's that cannot be reached keeps what is on it until it is used again. */
  drop(spec: DatabaseSpec): Promise<void> {
    const id = spec.environmentId;
    return this.#turns.take(id, async () => {
      this.#known.delete(id);
      this.#gate.remove(id);
      const noted = await this.#noted(id);
      if (noted === null) return;
      const databases = this.#of(spec);
      if (noted !== databases.server.id) return; // its configuration names another server now
      try {
        await databases.drop(id, AbortSignal.timeout(DEADLINE_MS));
      } catch (error) {
        console.error(`The database of ${id} could not be removed yet:`, error);
        databases.forgetCleaning();
        return;
      }
      await rm(this.#noteOf(id), { force: true });
    });
  }

  reset(spec: DatabaseSpec, signal: AbortSignal): Promise<void> {
    return this.#turns.take(spec.environmentId, () => this.#of(spec).reset(spec, signal));
  }

  snapshot(spec: DatabaseSpec, name: string, signal: AbortSignal): Promise<void> {
    return this.#turns.take(spec.environmentId, () => this.#of(spec).snapshot(spec, name, signal));
  }

  restore(spec: DatabaseSpec, name: string, signal: AbortSignal): Promise<void> {
    return this.#turns.take(spec.environmentId, () => this.#of(spec).restore(spec, name, signal));
  }

  forget(spec: DatabaseSpec, name: string, signal: AbortSignal): Promise<void> {
    return this.#turns.take(spec.environmentId, () => this.#of(spec).forget(spec, name, signal));
  }

  async snapshots(spec: DatabaseSpec): Promise<Snapshot[]> {
    if ((await this.#noted(spec.environmentId)) === null) return [];
    return this.#of(spec).snapshots(spec, AbortSignal.timeout(DEADLINE_MS));
  }

  async usage(spec: DatabaseSpec, signal?: AbortSignal): Promise<DatabaseUsage | null> {
    const databases = this.#of(spec);
    const isEmbedded = databases.server === this.#embedded;
    if ((isEmbedded && !this.#embedded.isRunning) || (await this.#noted(spec.environmentId)) === null)
      return null;
    return databases.usage(spec, signal ?? AbortSignal.timeout(DEADLINE_MS));
  }

  /** Ends a server that was left running, and removes from the embedded one what nobody knows. */
  async sweep(): Promise<void> {
    await this.#embedded.sweep();
    const gone = await this.#gone(this.#embedded.id);
    if (gone.length === 0) return;
    if (await this.#embedded.exists()) await this.#databasesOf('').clean(AbortSignal.timeout(DEADLINE_MS));
    else await this.#forgetGone(this.#embedded.id);
  }

  async close(): Promise<void> {
    this.#gate.close();
    await Promise.all([...this.#servers.values()].map((databases) => databases.close()));
  }

  /** Removes the embedded server with all that is on it: what remains of a state directory elsewhere. */
  async remove(): Promise<void> {
    await this.close();
    await this.#embedded.remove();
  }

  #of(spec: Pick<DatabaseSpec, 'url'>): EnvironmentDatabases {
    return this.#databasesOf(spec.url ?? '');
  }

  #databasesOf(url: string): EnvironmentDatabases {
    let databases = this.#servers.get(url);
    if (!databases) {
      databases = this.#databasesOn(new OwnServer(url));
      this.#servers.set(url, databases);
    }
    return databases;
  }

  #databasesOn(server: EnvironmentDatabases['server']): EnvironmentDatabases {
    return new EnvironmentDatabases(server, this.#names, this.#gate, {
      known: this.#known,
      onCleaned: (id) => this.#forgetGone(id),
    });
  }

  async #note(environmentId: string, server: string): Promise<void> {
    await mkdir(this.#notes, { recursive: true, mode: 0o700 });
    await writeFile(this.#noteOf(environmentId), server, { mode: 0o600 });
  }

  /** Environments that do not exist and had something on a server. */
  async #gone(server: string): Promise<string[]> {
    const unknown = (await readdir(this.#notes).catch(() => [])).filter((id) => !this.#known.has(id));
    const servers = await Promise.all(unknown.map((id) => this.#noted(id)));
    return unknown.filter((_id, index) => servers[index] === server);
  }

  async #forgetGone(server: string): Promise<void> {
    for (const id of await this.#gone(server)) await rm(this.#noteOf(id), { force: true });
  }

  #noted(environmentId: string): Promise<string | null> {
    return readFile(this.#noteOf(environmentId), 'utf8').catch(() => null);
  }

  #noteOf(environmentId: string): string {
    return join(this.#notes, environmentIdSchema.parse(environmentId));
  }
}
