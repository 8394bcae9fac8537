import { z } from 'zod';
import { VitrineError } from '#shared/errors.ts';
import type { Sqlite } from './sqlite.ts';

/** Each entry brings the registry from the version of its index to the next. Never edit one that was released. */
const MIGRATIONS = [
  `CREATE TABLE environments (
     id TEXT PRIMARY KEY,
     record TEXT NOT NULL,
     created_at INTEGER NOT NULL
   );
   CREATE TABLE environment_events (
     id INTEGER PRIMARY KEY,
     environment_id TEXT NOT NULL,
     at INTEGER NOT NULL,
     type TEXT NOT NULL,
     detail TEXT
   );
   CREATE INDEX environment_events_by_environment ON environment_events (environment_id, id);
   CREATE TABLE sources (
     kind TEXT NOT NULL CHECK (kind IN ('repository', 'board')),
     location TEXT NOT NULL,
     added_at INTEGER NOT NULL,
     PRIMARY KEY (kind, location)
   );`,
  `CREATE TABLE measurements (
     id INTEGER PRIMARY KEY,
     kind TEXT NOT NULL CHECK (kind IN ('preview_load', 'hot_reload')),
     at INTEGER NOT NULL,
     duration_ms REAL NOT NULL
   );
   CREATE INDEX measurements_by_kind ON measurements (kind, id);
   CREATE TABLE verdicts (
     environment_id TEXT PRIMARY KEY,
     at INTEGER NOT NULL,
     useful INTEGER NOT NULL CHECK (useful IN (0, 1))
   );
   CREATE TABLE counters (
     name TEXT PRIMARY KEY,
     count INTEGER NOT NULL
   );`,
];

const versionRow = z.tuple([z.object({ user_version: z.number() })]);

/** Brings the registry to this version's schema. A registry of a newer Vitrine is left untouched and refused. */
export async function migrate(sqlite: Sqlite): Promise<void> {
  await sqlite.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
  const [{ user_version: version }] = versionRow.parse(await sqlite.all('PRAGMA user_version'));
  if (version > MIGRATIONS.length) {
    throw new VitrineError({
      code: 'REGISTRY_TOO_NEW',
      message: `The registry was written by a newer Vitrine (schema ${version}, this one knows ${MIGRATIONS.length}).`,
      remedy: 'Update Vitrine, or set VITRINE_HOME to another directory.',
    });
  }
  for (let next = version; next < MIGRATIONS.length; next++) {
    await sqlite.exec(`BEGIN; ${MIGRATIONS[next]}; PRAGMA user_version = ${next + 1}; COMMIT;`);
  }
}
