import type { DatabaseEngine } from '#shared/identifiers.ts';

/** Gives environments databases of their own. */
export interface DatabaseProvider {
  readonly engine: DatabaseEngine;
  /** Makes the environment's database from the project's template. A database that exists already is kept. */
  provision(spec: DatabaseSpec, signal: AbortSignal): Promise<ProvisionedDatabase>;
  /** Removes the environment's database. Idempotent. */
  drop(spec: DatabaseSpec): Promise<void>;
}

export interface DatabaseSpec {
  environmentId: string;
  /** The environment's private directory (PodSpec.dataDirectory). */
  dataDirectory: string;
  worktree: string;
  /** The repository's main checkout: where a git-ignored template file may be. */
  mainCheckout: string;
  /** Configured template file, relative to the worktree or the main checkout. */
  dump?: string;
}

export interface ProvisionedDatabase {
  /** What the service gets: DATABASE_URL, and for sqlite DATABASE_PATH. */
  env: Record<string, string>;
  /** One sentence: cloned from which template, or empty and why. */
  detail: string;
}
