import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sqlite3 from 'sqlite3';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import type { DatabaseSpec } from '../database.ts';
import { SqliteProvider } from './provider.ts';

const signal = () => AbortSignal.timeout(10_000);

let sqliteProvider: SqliteProvider;
let providerDirectory: string;

beforeEach(async () => {
  const home = await mkdtemp(join(tmpdir(), 'vitrine-sqlite-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  providerDirectory = join(home, 'sqlite');
  sqliteProvider = new SqliteProvider({ directory: providerDirectory });
});

async function makeSpec(dump?: string, environmentId = 'e'): Promise<DatabaseSpec> {
  const base = await mkdtemp(join(tmpdir(), 'vitrine-database-'));
  onTestFinished(() => rm(base, { recursive: true, force: true }));
  const spec = {
    environmentId,
    dataDirectory: join(base, 'data'),
    worktree: join(base, 'worktree'),
    mainCheckout: join(base, 'main'),
    template: { dump },
    runCommand: async () => {},
  };
  for (const directory of [spec.dataDirectory, spec.worktree, spec.mainCheckout]) await mkdir(directory);
  return spec;
}

function open(path: string): Promise<sqlite3.Database> {
  return new Promise((resolve, reject) => {
    const database = new sqlite3.Database(path, (error) => (error ? reject(error) : resolve(database)));
  });
}

const close = (database: sqlite3.Database) => new Promise<void>((resolve) => database.close(() => resolve()));

const exec = (database: sqlite3.Database, sql: string) =>
  new Promise<void>((resolve, reject) => database.exec(sql, (error) => (error ? reject(error) : resolve())));

const all = (database: sqlite3.Database, sql: string) =>
  new Promise<unknown[]>((resolve, reject) =>
    database.all(sql, (error, rows) => (error ? reject(error) : resolve(rows))),
  );

async function makeDatabase(path: string, rows = 3, pragma = ''): Promise<void> {
  const database = await open(path);
  const values = Array.from({ length: rows }, (_unused, index) => `('row ${index}')`).join(',');
  await exec(
    database,
    `${pragma} CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO items (name) VALUES ${values};`,
  );
  await close(database);
}

async function query(path: string, sql: string): Promise<unknown[]> {
  const database = await open(path);
  try {
    return await all(database, sql);
  } finally {
    await close(database);
  }
}

async function rowsOf(spec: DatabaseSpec): Promise<number> {
  const { env } = await sqliteProvider.provision(spec, signal());
  return (await query(env(null).DATABASE_PATH ?? '', 'SELECT * FROM items')).length;
}

test('the project’s database file is cloned, and a write to the clone stays there', async () => {
  const spec = await makeSpec();
  await mkdir(join(spec.worktree, 'data'));
  await makeDatabase(join(spec.worktree, 'data/app.db'));
  const { env, detail } = await sqliteProvider.provision(spec, signal());
  expect(env(null).DATABASE_URL).toBe(`file:${env(null).DATABASE_PATH}`);
  expect(env(null).DATABASE_PATH?.startsWith(spec.dataDirectory)).toBe(true);
  expect(detail).toBe('cloned from data/app.db');
  await query(env(null).DATABASE_PATH ?? '', `INSERT INTO items (name) VALUES ('mine')`);
  expect(await query(join(spec.worktree, 'data/app.db'), 'SELECT * FROM items')).toHaveLength(3);
  expect(await readdir(join(spec.dataDirectory, 'database'))).toEqual(['database.sqlite']);
});

test('a database that exists is kept, drop removes it, and both may be repeated', async () => {
  const spec = await makeSpec();
  await makeDatabase(join(spec.worktree, 'app.db'));
  const { env } = await sqliteProvider.provision(spec, signal());
  await query(env(null).DATABASE_PATH ?? '', `INSERT INTO items (name) VALUES ('kept')`);
  expect((await sqliteProvider.provision(spec, signal())).detail).toContain('kept');
  expect(await rowsOf(spec)).toBe(4);
  await sqliteProvider.drop(spec);
  await sqliteProvider.drop(spec);
  expect(await readdir(spec.dataDirectory)).toEqual([]);
  expect(await rowsOf(spec)).toBe(3);
});

test('a read-only template gives a clone that can be written', async () => {
  const spec = await makeSpec();
  await makeDatabase(join(spec.worktree, 'app.db'));
  await chmod(join(spec.worktree, 'app.db'), 0o444);
  const { env } = await sqliteProvider.provision(spec, signal());
  expect((await stat(env(null).DATABASE_PATH ?? '')).mode & 0o777).toBe(0o600);
});

test('without a template there is an empty database', async () => {
  const spec = await makeSpec();
  const { env, detail } = await sqliteProvider.provision(spec, signal());
  expect(detail).toMatch(/^empty/);
  expect(await query(env(null).DATABASE_PATH ?? '', 'SELECT * FROM sqlite_schema')).toEqual([]);
});

test('a git-ignored database of the main checkout is found, the worktree’s own goes first', async () => {
  const spec = await makeSpec();
  await mkdir(join(spec.mainCheckout, 'apps/web/prisma'), { recursive: true });
  await makeDatabase(join(spec.mainCheckout, 'apps/web/prisma/dev.db'), 5);
  expect(await rowsOf(spec)).toBe(5);
  await sqliteProvider.drop(spec);
  await makeDatabase(join(spec.worktree, 'other.sqlite3'), 2);
  expect(await rowsOf(spec)).toBe(2);
});

test('of several the likeliest is taken, and the detail says before which', async () => {
  const spec = await makeSpec();
  await mkdir(join(spec.worktree, 'data'));
  await makeDatabase(join(spec.worktree, 'test.db'), 1);
  await makeDatabase(join(spec.worktree, 'blog.db'), 2);
  await makeDatabase(join(spec.worktree, 'data/dev.db'), 3);
  await writeFile(join(spec.worktree, 'app.db'), 'not a database at all');
  await writeFile(join(spec.worktree, 'main.db'), '');
  const { detail } = await sqliteProvider.provision(spec, signal());
  expect(detail).toBe(
    'cloned from data/dev.db (the likeliest of 4 by place and name, before blog.db, test.db, main.db)',
  );
});

test('an .sql script is run', async () => {
  const spec = await makeSpec('seed.sql');
  await writeFile(
    join(spec.worktree, 'seed.sql'),
    `CREATE TABLE items (name); INSERT INTO items VALUES ('a'), ('b');`,
  );
  expect(await rowsOf(spec)).toBe(2);
});

test('a script that fails is named with what SQLite says, and leaves nothing', async () => {
  const spec = await makeSpec('seed.sql');
  await writeFile(
    join(spec.worktree, 'seed.sql'),
    'CREATE TABLE items (name); INSERT INTO nowhere VALUES (1);',
  );
  const provisioning = sqliteProvider.provision(spec, signal());
  await expect(provisioning).rejects.toMatchObject({ code: 'DATABASE_TEMPLATE_INVALID' });
  await expect(provisioning).rejects.toThrow(/seed\.sql.*no such table: nowhere/);
  expect(await readdir(spec.dataDirectory)).toEqual([]);
  expect(await readdir(join(providerDirectory, 'templates'))).toEqual([]);
});

test.each(['ATTACH DATABASE', 'VACUUM INTO'])(
  'a script cannot write elsewhere with %s',
  async (statement) => {
    const spec = await makeSpec('seed.sql');
    const elsewhere = join(spec.dataDirectory, '../elsewhere.db');
    const sql =
      statement === 'VACUUM INTO'
        ? `VACUUM INTO '${elsewhere}';`
        : `ATTACH '${elsewhere}' AS x; CREATE TABLE x.t (a);`;
    await writeFile(join(spec.worktree, 'seed.sql'), `CREATE TABLE t (a); ${sql}`);
    await expect(sqliteProvider.provision(spec, signal())).rejects.toThrow(/too many attached/);
    expect(await stat(elsewhere).catch(() => null)).toBeNull();
  },
);

test('a script without end is interrupted by the signal', async () => {
  const spec = await makeSpec('seed.sql');
  await writeFile(
    join(spec.worktree, 'seed.sql'),
    'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n;',
  );
  const abort = new AbortController();
  const provisioning = sqliteProvider.provision(spec, abort.signal);
  setTimeout(() => abort.abort(new Error('enough')), 100);
  await expect(provisioning).rejects.toThrow('enough');
});

test('what is no database is refused by name', async () => {
  const spec = await makeSpec('data.db');
  await writeFile(join(spec.worktree, 'data.db'), 'just some text, longer than the sixteen bytes');
  const provisioning = sqliteProvider.provision(spec, signal());
  await expect(provisioning).rejects.toMatchObject({ code: 'DATABASE_TEMPLATE_INVALID', status: 422 });
  await expect(provisioning).rejects.toThrow(/"data\.db" is not an SQLite database/);
});

test('a template outside of worktree and main checkout is refused, links followed (attack 20)', async () => {
  const spec = await makeSpec();
  const secret = join(spec.worktree, '../cookies.db');
  await makeDatabase(secret);
  await symlink(secret, join(spec.worktree, 'data.db'));
  for (const dump of ['../cookies.db', secret, 'data.db']) {
    await expect(sqliteProvider.provision({ ...spec, template: { dump } }, signal())).rejects.toMatchObject({
      code: 'DATABASE_TEMPLATE_INVALID',
    });
  }
  expect((await sqliteProvider.provision(spec, signal())).detail).toMatch(/^empty/);
});

test('rows that are still in the -wal file of an open database are in the clone', async () => {
  const spec = await makeSpec();
  const path = join(spec.mainCheckout, 'app.db');
  await makeDatabase(path, 3, 'PRAGMA journal_mode = WAL;');
  const writer = await open(path);
  onTestFinished(() => close(writer));
  await exec(writer, `PRAGMA wal_autocheckpoint = 0; INSERT INTO items (name) VALUES ('in the wal')`);
  const before = await readFile(path);
  expect(await rowsOf(spec)).toBe(4);
  expect(await readFile(path)).toEqual(before);
});

test('a -wal file that a crash left is merged into the clone and stays as it is', async () => {
  const spec = await makeSpec();
  const live = join(spec.mainCheckout, '../live.db');
  await makeDatabase(live, 3, 'PRAGMA journal_mode = WAL;');
  const writer = await open(live);
  await exec(writer, `PRAGMA wal_autocheckpoint = 0; INSERT INTO items (name) VALUES ('in the wal')`);
  await copyFile(live, join(spec.mainCheckout, 'app.db'));
  await copyFile(`${live}-wal`, join(spec.mainCheckout, 'app.db-wal'));
  await close(writer);
  expect(await rowsOf(spec)).toBe(4);
  expect((await readdir(spec.mainCheckout)).sort()).toEqual(['app.db', 'app.db-wal']);
});

test.each(['DELETE', 'WAL'])(
  'a template that is being written gives a consistent clone (journal mode %s)',
  async (mode) => {
    const spec = await makeSpec();
    const path = join(spec.mainCheckout, 'app.db');
    await makeDatabase(
      path,
      1,
      `PRAGMA journal_mode = ${mode}; CREATE TABLE pairs (a INTEGER, b INTEGER, filler TEXT);`,
    );
    const program = `
    const sqlite3 = require(${JSON.stringify(join(import.meta.dirname, '../../../node_modules/sqlite3'))});
    const database = new sqlite3.Database(${JSON.stringify(path)});
    database.configure('busyTimeout', 5000);
    let n = 0;
    const next = () => database.exec("BEGIN; INSERT INTO pairs VALUES (" + n + ", 0, hex(randomblob(2000))); UPDATE pairs SET b = a; COMMIT;", (error) => { if (error) console.error(error.message); n += 1; if (n === 5) console.log('writing'); setImmediate(next); });
    next();`;
    const writer = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void writer.kill('SIGKILL'));
    await once(writer.stdout, 'data');
    for (let round = 0; round < 15; round += 1) {
      const { env } = await sqliteProvider.provision(spec, signal());
      const clone = env(null).DATABASE_PATH ?? '';
      expect(await query(clone, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
      expect(await query(clone, 'SELECT * FROM pairs WHERE a != b')).toEqual([]);
      await sqliteProvider.drop(spec);
    }
  },
);

test('a damaged template is refused by name', async () => {
  const spec = await makeSpec('app.db');
  const path = join(spec.worktree, 'app.db');
  await makeDatabase(path, 500, 'PRAGMA journal_mode = WAL;');
  await writeFile(`${path}-wal`, 'something');
  await truncate(path, 700);
  await expect(sqliteProvider.provision(spec, signal())).rejects.toThrow(/"app\.db" could not be used/);
});
