import { join } from 'node:path';
import { VitrineError } from '#shared/errors.ts';
import type { DatabaseEngine } from '#shared/identifiers.ts';
import { stateDirectory } from '../storage/state-directory.ts';
import type { DatabaseProvider } from './database.ts';
import { PostgresProvider } from './postgres/provider.ts';
import { SqliteProvider } from './sqlite/provider.ts';

function noDatabase(): VitrineError {
  return new VitrineError({
    code: 'DATABASE_NONE',
    message: 'This preview has no database',
    remedy:
      'Name one in isolation.backend.database.engine in .vibe-kanban/environment.yaml: sqlite or postgres.',
    status: 409,
  });
}

/** For backends that need no database. */
const noneProvider: DatabaseProvider = {
  engine: 'none',
  outletPort: null,
  accept: (_id, connection) => connection.destroy(),
  provision: async () => ({ env: () => ({}), detail: 'none needed' }),
  drop: async () => {},
  reset: async () => Promise.reject(noDatabase()),
  snapshot: async () => Promise.reject(noDatabase()),
  restore: async () => Promise.reject(noDatabase()),
  forget: async () => Promise.reject(noDatabase()),
  snapshots: async () => [],
  usage: async () => null,
  sweep: async () => {},
  close: async () => {},
};

export interface DatabaseOptions {
  /** Private to the companion: templates, snapshots, secrets, the embedded server's data. */
  directory?: string;
}

/** The database engines, by name. */
export function createDatabaseProviders({
  directory = join(stateDirectory(), 'databases'),
}: DatabaseOptions = {}): ReadonlyMap<DatabaseEngine, DatabaseProvider> {
  return new Map(
    [
      noneProvider,
      new SqliteProvider({ directory: join(directory, 'sqlite') }),
      new PostgresProvider({ directory: join(directory, 'postgres') }),
    ].map((provider) => [provider.engine, provider]),
  );
}
