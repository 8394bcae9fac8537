import type { DatabaseSpec } from '../database.ts';
import { findMigration, type Migration, migrationHint } from './hint.ts';

/** What the project fills its database with, though no configuration says so. */
export type OwnCommands = Migration & Pick<DatabaseSpec, 'template'>;

/**
 * The project's own migrate and seed, where nothing is configured and they can reach nothing but the environment's
 * database: an empty one has no tables, and every page of the app would fail.
 */
export async function ownCommands(spec: DatabaseSpec): Promise<OwnCommands | null> {
  const { template } = spec;
  if (Object.values(template).some((value) => value !== undefined)) return null;
  const found = (await spec.mayRunOwnCommands?.()) ? await findMigration(spec) : null;
  const { migrate, seed } = found ?? {};
  return found && { ...found, template: { migrate, ...(seed !== undefined && { seed }) } };
}

/** They were tried, and did not do. */
export const ownCommandsFailed = (own: OwnCommands): string =>
  `empty: ${commandsText(own)} failed, see the console; isolation.backend.database.template names other commands`;

export const commandsText = ({ migrate, seed }: Pick<OwnCommands, 'migrate' | 'seed'>): string =>
  [migrate, seed].filter((part) => part !== undefined).join(', then ');

/** Why a database is empty that nothing filled. */
export async function emptyBecause(spec: DatabaseSpec): Promise<string> {
  const migration = await findMigration(spec);
  return migration
    ? `empty; ${migrationHint(migration)}`
    : 'empty: isolation.backend.database.template names nothing to fill it';
}
