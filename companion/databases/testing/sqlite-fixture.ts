import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sqlite3 from 'sqlite3';
import { onTestFinished } from 'vitest';
import type { DatabaseSpec } from '../database.ts';

/** A directory that goes with the test. */
export async function temporaryDirectory(name: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), `vitrine-${name}-`));
  onTestFinished(() => rm(directory, { recursive: true, force: true, maxRetries: 3 }));
  return directory;
}

/** An environment with an empty worktree. Its commands do nothing unless told. */
export async function makeSpec(
  overrides: Partial<DatabaseSpec> = {},
  base?: string,
): Promise<DatabaseSpec & { template: DatabaseSpec['template'] }> {
  const root = base ?? (await temporaryDirectory('database'));
  const environmentId = overrides.environmentId ?? 'e';
  const spec = {
    environmentId,
    dataDirectory: join(root, 'environments', environmentId),
    worktree: join(root, 'worktrees', environmentId),
    mainCheckout: join(root, 'main'),
    template: {},
    runCommand: async () => {},
    ...overrides,
  };
  for (const directory of [spec.dataDirectory, spec.worktree, spec.mainCheckout])
    await mkdir(directory, { recursive: true });
  return spec;
}

/** Runs statements and returns the rows of the last one, with a connection of their own. */
export async function onSqlite(path: string, sql: string): Promise<unknown[]> {
  const database = await openSqlite(path);
  try {
    return await new Promise((resolve, reject) =>
      database.exec(`${sql};`, (error) => (error ? reject(error) : resolve([]))),
    );
  } finally {
    await closeSqlite(database);
  }
}

export async function rowsOf(path: string, sql: string): Promise<unknown[]> {
  const database = await openSqlite(path);
  try {
    return await new Promise((resolve, reject) =>
      database.all(sql, (error, rows) => (error ? reject(error) : resolve(rows))),
    );
  } finally {
    await closeSqlite(database);
  }
}

export function openSqlite(path: string): Promise<sqlite3.Database> {
  return new Promise((resolve, reject) => {
    const database = new sqlite3.Database(path, (error) => (error ? reject(error) : resolve(database)));
  });
}

export const closeSqlite = (database: sqlite3.Database) =>
  new Promise<void>((resolve) => database.close(() => resolve()));
