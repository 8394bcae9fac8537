import { VitrineError } from '#shared/errors.ts';
import type { DatabaseProvider } from '../database.ts';

/** Named in the configuration, not built yet: says so instead of starting a backend that cannot work. */
export class PostgresProvider implements DatabaseProvider {
  readonly engine = 'postgres';
  readonly outletPort = null;
  readonly directory: string;
  constructor({ directory }: { directory: string }) {
    this.directory = directory;
  }
  accept: DatabaseProvider['accept'] = (_id, connection) => connection.destroy();
  provision: DatabaseProvider['provision'] = async () => {
    throw new VitrineError({
      code: 'DATABASE_UNAVAILABLE',
      message: 'This version cannot make PostgreSQL databases for environments yet',
      remedy: 'Set isolation.backend.database.engine to sqlite or none in .vibe-kanban/environment.yaml.',
      status: 422,
    });
  };
  drop = async () => {};
  reset = async () => {};
  snapshot = async () => {};
  restore = async () => {};
  snapshots = async () => [];
  usage = async () => null;
  sweep = async () => {};
  close = async () => {};
}
