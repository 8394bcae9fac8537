import { stat } from 'node:fs/promises';
import type { Duplex } from 'node:stream';
import type {
  DatabaseProvider,
  DatabaseSpec,
  DatabaseUsage,
  ProvisionedDatabase,
  Snapshot,
} from '../database.ts';
import { snapshotUnknown } from '../snapshot-rules.ts';
import { OUTLET_PORT } from './connection-environment.ts';
import type { PostgresEngine, PostgresOptions } from './engine.ts';

/**
 * One database and one role for each environment, on the embedded server or one of the user's. Nothing of it is
 * loaded or made before a project needs it.
 */
export class PostgresProvider implements DatabaseProvider {
  readonly engine = 'postgres';
  readonly outletPort = OUTLET_PORT;
  readonly #options: PostgresOptions;
  #loading: Promise<PostgresEngine> | undefined;
  #known: ReadonlySet<string> = new Set();

  constructor(options: PostgresOptions) {
    this.#options = options;
  }

  accept(environmentId: string, connection: Duplex): void {
    if (!this.#loading) return void connection.destroy();
    this.#loading.then(
      (engine) => engine.accept(environmentId, connection),
      () => connection.destroy(),
    );
  }

  async provision(spec: DatabaseSpec, signal: AbortSignal): Promise<ProvisionedDatabase> {
    return (await this.#load()).provision(spec, signal);
  }

  async drop(spec: DatabaseSpec): Promise<void> {
    if (await this.#isUsed()) await (await this.#load()).drop(spec);
  }

  async reset(spec: DatabaseSpec, signal: AbortSignal): Promise<void> {
    await (await this.#load()).reset(spec, signal);
  }

  async snapshot(spec: DatabaseSpec, name: string, signal: AbortSignal): Promise<void> {
    await (await this.#load()).snapshot(spec, name, signal);
  }

  async restore(spec: DatabaseSpec, name: string, signal: AbortSignal): Promise<void> {
    await (await this.#load()).restore(spec, name, signal);
  }

  async forget(spec: DatabaseSpec, name: string, signal: AbortSignal): Promise<void> {
    if (!(await this.#isUsed())) throw snapshotUnknown(name, []);
    await (await this.#load()).forget(spec, name, signal);
  }

  async snapshots(spec: DatabaseSpec): Promise<Snapshot[]> {
    return (await this.#isUsed()) ? (await this.#load()).snapshots(spec) : [];
  }

  async usage(spec: DatabaseSpec, signal?: AbortSignal): Promise<DatabaseUsage | null> {
    return this.#loading ? (await this.#loading).usage(spec, signal) : null;
  }

  /** A server that cannot be tidied up now does not keep the companion from starting. */
  async sweep(known: ReadonlySet<string>): Promise<void> {
    this.#known = known;
    if (!(await this.#isUsed())) return;
    try {
      await (await this.#load()).sweep();
    } catch (error) {
      console.error('The embedded PostgreSQL server could not be tidied up:', error);
    }
  }

  async close(): Promise<void> {
    await (await this.#loading?.catch(() => undefined))?.close();
  }

  /** Removes all that is kept, also outside of the state directory. For uninstalling. */
  async remove(): Promise<void> {
    if (await this.#isUsed()) await (await this.#load()).remove();
  }

  /** Whether anything was ever made. */
  async #isUsed(): Promise<boolean> {
    return this.#loading !== undefined || (await stat(this.#options.directory).catch(() => null)) !== null;
  }

  #load(): Promise<PostgresEngine> {
    this.#loading ??= import('./engine.ts')
      .then(({ PostgresEngine }) => PostgresEngine.create(this.#options, this.#known))
      .catch((error: unknown) => {
        this.#loading = undefined;
        throw error;
      });
    return this.#loading;
  }
}
