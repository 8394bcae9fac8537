import type { DatabaseProvider, DatabaseSpec } from '../databases/database.ts';
import type { EnvironmentRecord } from '../storage/environment-record.ts';
import { notRunning } from './run-failures.ts';
import { databaseUrl } from './services/database-url.ts';

/** Copying a large database takes a while; a server that hangs must not hold the environment forever. */
export const DATABASE_DEADLINE_MS = 120_000;

/** What is done to a database. */
export type DatabaseWork = (
  provider: DatabaseProvider,
  spec: DatabaseSpec,
  signal: AbortSignal,
) => Promise<void>;

/** How an environment's database is known while nothing of the environment runs. */
export function databaseSpec(
  { id, worktree, mainCheckout, config }: EnvironmentRecord,
  dataDirectory: string,
): DatabaseSpec {
  const { template, url } = config.isolation.backend.database;
  return {
    environmentId: id,
    dataDirectory,
    worktree,
    mainCheckout,
    template,
    url: urlOrNone(url),
    runCommand: () => Promise.reject(notRunning()),
  };
}

/** A variable that is not set any more must not keep an environment from being ended. */
function urlOrNone(url: string | undefined): string | undefined {
  try {
    return databaseUrl(url);
  } catch {
    return undefined;
  }
}
