import type { Finding } from '#shared/api/explain.ts';
import type { EnvironmentConfig } from '#shared/config/environment-config.ts';
import type { DatabaseEngine } from '#shared/identifiers.ts';
import { detectTemplate } from '../databases/sqlite/detect.ts';
import { findMigration } from '../databases/templates/hint.ts';
import { commandsText } from '../databases/templates/own-commands.ts';

export interface ExplainedDatabase {
  worktree: string;
  mainCheckout: string;
  engine: DatabaseEngine;
  /** Where commands run. */
  commandDirectory: string;
  template: EnvironmentConfig['isolation']['backend']['database']['template'];
}

/** What a preview's database is made from, one finding for each part: a file, then commands. */
export async function explainTemplate(database: ExplainedDatabase): Promise<Finding[]> {
  const { engine, template } = database;
  if (engine === 'none') return [];
  const configured = (['dump', 'migrate', 'seed'] as const).flatMap((part) => {
    const value = template[part];
    return value === undefined
      ? []
      : [{ what: part, value, reason: `isolation.backend.database.template.${part}` }];
  });
  return configured.length > 0 ? configured : [await explainDetected(database)];
}

async function explainDetected({
  worktree,
  mainCheckout,
  engine,
  commandDirectory,
}: ExplainedDatabase): Promise<Finding> {
  const what = 'template';
  const found = engine === 'sqlite' ? await detectTemplate({ worktree, mainCheckout }) : null;
  if (found)
    return {
      what,
      value: found.name,
      reason: found.reason ?? 'the only database file where projects keep one',
    };
  const migration = await findMigration({ worktree, commandDirectory });
  if (migration) {
    const { tool, migrate } = migration;
    const reason = `the project has ${tool}; isolation.backend.database.template.migrate may name another than ${migrate}`;
    return { what, value: commandsText(migration), reason };
  }
  const reason = 'isolation.backend.database.template names nothing to fill it';
  return { what, value: 'an empty database', reason };
}
