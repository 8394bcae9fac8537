import type { Duplex } from 'node:stream';
import type { Snapshot } from '#shared/api/database.ts';
import type { BackendConfig } from '#shared/config/environment-config.ts';
import type { DatabaseEngine } from '#shared/identifiers.ts';

/** Gives environments databases of their own. */
export interface DatabaseProvider {
  readonly engine: DatabaseEngine;
  /** Port inside a pod that leads to the database server; null when the database is a file or there is none. */
  readonly outletPort: number | null;
  /**
   * Takes over a connection that something in an environment's pod opened to the outlet, and lets it reach that
   * environment's database and no other.
   */
  accept(environmentId: string, connection: Duplex): void;
  /** Makes the environment's database from the project's template. A database that exists already is kept. */
  provision(spec: DatabaseSpec, signal: AbortSignal): Promise<ProvisionedDatabase>;
  /** Removes the environment's database, its role and its snapshots. Idempotent. */
  drop(spec: DatabaseSpec): Promise<void>;
  /** Makes the database anew from the template. Nothing of the environment may be connected: its services are stopped. */
  reset(spec: DatabaseSpec, signal: AbortSignal): Promise<void>;
  /**
   * Keeps a copy of the database as it is now, under a name; one of that name is replaced. Throws
   * SNAPSHOT_NAME_INVALID, SNAPSHOT_LIMIT. A postgres database loses its connections for that moment.
   */
  snapshot(spec: DatabaseSpec, name: string, signal: AbortSignal): Promise<void>;
  /** Puts a snapshot back. As with reset, nothing may be connected. Throws SNAPSHOT_UNKNOWN. */
  restore(spec: DatabaseSpec, name: string, signal: AbortSignal): Promise<void>;
  /** Removes a snapshot. Throws SNAPSHOT_UNKNOWN. */
  forget(spec: DatabaseSpec, name: string, signal: AbortSignal): Promise<void>;
  /** The newest first. */
  snapshots(spec: DatabaseSpec): Promise<Snapshot[]>;
  /** What it takes on disk; null where there is none (yet). Never starts a server. */
  usage(spec: DatabaseSpec, signal?: AbortSignal): Promise<DatabaseUsage | null>;
  /**
   * Ends what an earlier companion on the same state directory left running, and removes databases and roles of
   * environments that are not in `known`. Called once, before the first provision.
   */
  sweep(known: ReadonlySet<string>): Promise<void>;
  /** Stops a server that was started. The databases stay. */
  close(): Promise<void>;
}

export type { Snapshot };

/** What an environment's database takes on disk. */
export interface DatabaseUsage {
  /** The database as it is now. */
  bytes: number;
  /** Its snapshots. */
  snapshotBytes: number;
}

export interface DatabaseSpec {
  environmentId: string;
  /** The environment's private directory (PodSpec.dataDirectory). */
  dataDirectory: string;
  worktree: string;
  /** The repository's main checkout: where a git-ignored template file may be. */
  mainCheckout: string;
  /** `isolation.backend.database.template`. */
  template: BackendConfig['database']['template'];
  /** Where commands run; the worktree unless told. */
  commandDirectory?: string;
  /**
   * Whether the project's own migrate and seed may run though no configuration names them. Waits for the pod: where
   * nothing keeps it from other databases, they may not.
   */
  mayRunOwnCommands?(): Promise<boolean>;
  /** The user's own server, its variables replaced. */
  url?: string;
  /**
   * Runs one of the project's commands (a migration, a seed) in the environment's pod and waits for its end. Waits
   * for the pod first. Rejects with a VitrineError that has the last lines printed when it exits with another code than 0.
   */
  runCommand(command: string, env: CommandEnvironment, signal: AbortSignal): Promise<void>;
}

/** The variables of a command, given the port under which the pod reaches the outlet (null without one). */
export type CommandEnvironment = (outletPort: number | null) => Record<string, string>;

export interface ProvisionedDatabase {
  /** What services get: DATABASE_URL, and for sqlite DATABASE_PATH. */
  env: CommandEnvironment;
  /** One sentence: cloned from which template, or empty and why. */
  detail: string;
}
