import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sqlite3 from 'sqlite3';
import type { DatabaseSpec } from '../../companion/databases/database.ts';
import { EmbeddedServer } from '../../companion/databases/postgres/embedded/server.ts';
import { EnvironmentDatabases } from '../../companion/databases/postgres/environment-databases.ts';
import { Gate } from '../../companion/databases/postgres/gate/gate.ts';
import { Names } from '../../companion/databases/postgres/names.ts';
import { Secret } from '../../companion/databases/postgres/secret.ts';
import { identifier, literal } from '../../companion/databases/postgres/sql.ts';
import { SqliteProvider } from '../../companion/databases/sqlite/provider.ts';

export interface DatabaseCloneFigures {
  name: string;
  /** Milliseconds of each provision: role, clone, rights, labels. */
  ours: number[];
  /** Milliseconds of the bare copy, turn by turn with ours. */
  floor: number[];
}

/** Makes a database of 7 MB, most of it PostgreSQL's own catalogue. */
const SCRIPT = `CREATE TABLE notes (id int PRIMARY KEY, text text);
  INSERT INTO notes SELECT n, repeat('x', 80) FROM generate_series(1, 1000) AS n;`;
const MEGABYTE = 1024 * 1024;
const deadline = () => AbortSignal.timeout(60_000);

/** Clones of a template: as an environment gets one, and as bare as the engine itself makes one. */
export async function measureDatabaseClones(runs: number): Promise<DatabaseCloneFigures[]> {
  const directory = await mkdtemp(join(tmpdir(), 'vitrine-bench-databases-'));
  try {
    return [
      await measurePostgres(join(directory, 'postgres'), runs),
      await measureSqlite(join(directory, 'sqlite-10'), 10, runs),
      await measureSqlite(join(directory, 'sqlite-100'), 100, runs),
    ];
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** On one server that is started for this alone. */
async function measurePostgres(directory: string, runs: number): Promise<DatabaseCloneFigures> {
  const names = new Names(await Secret.load(directory));
  const password = (role: string) => names.password(role);
  const server = new EmbeddedServer({ directory, instance: names.instance, password });
  const census = { known: new Set<string>(), onCleaned: async () => undefined };
  const databases = new EnvironmentDatabases(server, names, new Gate(), census);
  const bare = (sql: string) => server.run(deadline(), (admin) => admin.query(sql, deadline()));
  const figures: DatabaseCloneFigures = { name: 'postgres clone, 7 MB', ours: [], floor: [] };
  try {
    const spec = await makeSpec(directory, 'dump.sql');
    await writeFile(join(spec.worktree, 'dump.sql'), SCRIPT);
    await databases.provision(spec, deadline());
    const [template] = await bare(
      `SELECT datname FROM pg_database WHERE starts_with(datname::text, ${literal(names.template(''))})`,
    );
    const source = identifier(template?.datname ?? '');
    for (let run = 0; run < runs; run++) {
      figures.floor.push(await timed(() => bare(`CREATE DATABASE bare TEMPLATE ${source}`)));
      await bare('DROP DATABASE bare');
      const environmentId = `run-${run}`;
      figures.ours.push(await timed(() => databases.provision({ ...spec, environmentId }, deadline())));
      await databases.drop(environmentId, deadline());
    }
    return figures;
  } finally {
    await server.remove();
  }
}

async function measureSqlite(
  directory: string,
  megabytes: number,
  runs: number,
): Promise<DatabaseCloneFigures> {
  const provider = new SqliteProvider({ directory: join(directory, 'databases') });
  const spec = await makeSpec(directory, undefined);
  const source = join(spec.mainCheckout, 'dev.db');
  await fillSqlite(source, megabytes);
  const figures: DatabaseCloneFigures = { name: `sqlite clone, ${megabytes} MB`, ours: [], floor: [] };
  for (let run = 0; run < runs; run++) {
    const copy = join(directory, 'copy.db');
    figures.floor.push(await timed(() => copyFile(source, copy)));
    await rm(copy);
    figures.ours.push(await timed(() => provider.provision(spec, deadline())));
    await provider.drop(spec);
  }
  return figures;
}

async function makeSpec(base: string, dump: string | undefined): Promise<DatabaseSpec> {
  const [dataDirectory, worktree, mainCheckout] = ['data', 'worktree', 'main'].map((name) =>
    join(base, 'project', name),
  ) as [string, string, string];
  for (const directory of [dataDirectory, worktree, mainCheckout])
    await mkdir(directory, { recursive: true });
  const runCommand = () => Promise.resolve();
  return { environmentId: 'first', dataDirectory, worktree, mainCheckout, template: { dump }, runCommand };
}

function fillSqlite(path: string, megabytes: number): Promise<void> {
  const sql = `CREATE TABLE blobs (data BLOB);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${megabytes})
    INSERT INTO blobs SELECT randomblob(${MEGABYTE}) FROM n;`;
  return new Promise((resolve, reject) => {
    const database = new sqlite3.Database(path);
    database.exec(sql, (failure) => database.close(() => (failure ? reject(failure) : resolve())));
  });
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
