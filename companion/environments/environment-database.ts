import type { Snapshot } from '#shared/api/database.ts';
import type { DatabaseProvider, DatabaseSpec } from '../databases/database.ts';
import { DATABASE_DEADLINE_MS, type DatabaseWork } from './database-work.ts';
import type { EnvironmentLife } from './environment-life.ts';
import type { Journal } from './journal.ts';

export interface EnvironmentDatabaseOptions {
  provider: DatabaseProvider;
  /** How it is known while nothing of the environment runs. */
  spec(): DatabaseSpec;
  journal: Journal;
  life: Pick<EnvironmentLife, 'whileAwake'>;
  /** Somebody uses the environment. */
  touch(): void;
}

/** What people do with the database of one environment. */
export class EnvironmentDatabase {
  readonly #options: EnvironmentDatabaseOptions;

  constructor(options: EnvironmentDatabaseOptions) {
    this.#options = options;
  }

  snapshots(): Promise<Snapshot[]> {
    const { provider, spec } = this.#options;
    return provider.snapshots(spec());
  }

  /** Removes a snapshot: nothing has to stop for it. Throws SNAPSHOT_UNKNOWN. */
  forget(name: string): Promise<void> {
    const { provider, spec, touch } = this.#options;
    touch();
    return provider.forget(spec(), name, AbortSignal.timeout(DATABASE_DEADLINE_MS));
  }

  /** Stops the services, works on it, and starts them again. `what` goes into the event. */
  change(what: string, work: DatabaseWork): Promise<void> {
    const { provider, spec, journal, life } = this.#options;
    return life.whileAwake(async (run) => {
      if (run) await run.withDatabase((ofRun, signal) => work(provider, ofRun, signal));
      else await work(provider, spec(), AbortSignal.timeout(DATABASE_DEADLINE_MS));
      journal.event('database', what);
    });
  }
}
