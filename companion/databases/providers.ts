import { VitrineError } from '#shared/errors.ts';
import type { DatabaseEngine } from '#shared/identifiers.ts';
import type { DatabaseProvider } from './database.ts';
import { sqliteProvider } from './sqlite.ts';

/** For backends that need no database. */
const noneProvider: DatabaseProvider = {
  engine: 'none',
  outletPort: null,
  accept: (_id, connection) => connection.destroy(),
  provision: async () => ({ env: () => ({}), detail: 'none needed' }),
  drop: async () => {},
  reset: async () => {},
  snapshot: async () => {},
  restore: async () => {},
  snapshots: async () => [],
  sweep: async () => {},
  close: async () => {},
};

/** Named in the configuration, not built yet: says so instead of starting a backend that cannot work. */
const postgresProvider: DatabaseProvider = {
  ...noneProvider,
  engine: 'postgres',
  provision: async () => {
    throw new VitrineError({
      code: 'DATABASE_UNAVAILABLE',
      message: 'This version cannot make PostgreSQL databases for environments yet',
      remedy:
        'Set isolation.backend.database.engine to sqlite or none in .vibe-kanban/environment.yaml; with none, give DATABASE_URL in isolation.backend.env.',
      status: 422,
    });
  },
  drop: async () => {},
};

/** The database engines, by name. */
export function createDatabaseProviders(): ReadonlyMap<DatabaseEngine, DatabaseProvider> {
  return new Map(
    [noneProvider, sqliteProvider, postgresProvider].map((provider) => [provider.engine, provider]),
  );
}
