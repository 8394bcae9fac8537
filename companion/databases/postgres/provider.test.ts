import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import type { DatabaseSpec } from '../database.ts';
import { openOutlet, queryWith, reach } from '../testing/postgres-fixture.ts';
import { makeSpec, temporaryDirectory } from '../testing/sqlite-fixture.ts';
import { PostgresProvider } from './provider.ts';

// A server is set up, which takes seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let home: string;
let provider: PostgresProvider;
let base: string;
const signal = () => AbortSignal.timeout(60_000);

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'vitrine-postgres-'));
  provider = new PostgresProvider({ directory: join(home, 'postgres') });
});
afterAll(async () => {
  await provider.remove();
  await rm(home, { recursive: true, force: true });
});
beforeEach(async () => {
  base = await temporaryDirectory('postgres');
});

/** An environment of a project; dropped with the test. */
async function makeEnvironment(id: string, overrides: Partial<DatabaseSpec> = {}): Promise<DatabaseSpec> {
  const spec = await makeSpec({ environmentId: id, ...overrides }, base);
  onTestFinished(() => provider.drop(spec));
  return spec;
}

/** An environment whose template is made by a script. */
async function scriptEnvironment(id: string, script: string): Promise<DatabaseSpec> {
  const spec = await makeEnvironment(id, { template: { dump: 'dump.sql' } });
  await writeFile(join(spec.worktree, 'dump.sql'), script);
  return spec;
}

/** An environment whose commands are SQL that is run from inside its pod; `ran` lists them. */
async function commandEnvironment(id: string, overrides: Partial<DatabaseSpec> = {}) {
  const ran: string[] = [];
  const spec = await makeEnvironment(id, {
    template: { migrate: 'CREATE TABLE items (name text)', seed: `INSERT INTO items VALUES ('seeded')` },
    async runCommand(command, env) {
      ran.push(command);
      const outlet = await openOutlet(provider, id);
      try {
        await queryWith({ connectionString: env(outlet.port).DATABASE_URL }, command);
      } finally {
        await outlet.close();
      }
    },
    ...overrides,
  });
  return { spec, ran };
}

const SEED = `CREATE TABLE items (name text); INSERT INTO items VALUES ('original');`;
const namesOf = (rows: Record<string, unknown>[]) => rows.map(({ name }) => name);
const ITEMS = 'SELECT name FROM items ORDER BY name';

test('without a template the database is empty, and the detail hints at what would fill it', async () => {
  const spec = await makeEnvironment('empty');
  await writeFile(join(spec.worktree, 'package.json'), JSON.stringify({ scripts: { 'db:migrate': 'x' } }));
  const { query, detail } = await reach(provider, spec);
  expect(detail).toBe(
    'empty; the project has a script "db:migrate": set isolation.backend.database.template.migrate, perhaps to "npm run db:migrate"',
  );
  expect(await query(`SELECT count(*)::int FROM pg_tables WHERE schemaname = 'public'`)).toEqual([
    { count: 0 },
  ]);
});

test('commands run in the pod make the template once; a clone may change what they made', async () => {
  const one = await commandEnvironment('one');
  const first = await reach(provider, one.spec);
  expect(first.detail).toMatch(/^cloned from a template just made by CREATE TABLE/);
  expect(namesOf(await first.query(ITEMS))).toEqual(['seeded']);
  const two = await commandEnvironment('two');
  const second = await reach(provider, two.spec);
  expect(two.ran).toEqual([]);
  expect(second.detail).toMatch(/^cloned from the template made by/);
  await second.query('ALTER TABLE items ADD COLUMN more int; CREATE INDEX ON items (name); CREATE SCHEMA x');
  await second.query(`INSERT INTO items VALUES ('mine'); CREATE EXTENSION pgcrypto; CREATE TABLE y ()`);
  expect(namesOf(await second.query(ITEMS))).toEqual(['mine', 'seeded']);
  expect(namesOf(await first.query(ITEMS))).toEqual(['seeded']);
});

test('a database that exists is kept, drop removes it, and both may be repeated', async () => {
  const spec = await scriptEnvironment('kept', SEED);
  const first = await reach(provider, spec);
  await first.query(`INSERT INTO items VALUES ('mine')`);
  const again = await reach(provider, spec);
  expect(again.detail).toContain('kept from before');
  expect(again.env.PGPASSWORD).toBe(first.env.PGPASSWORD);
  expect(namesOf(await again.query(ITEMS))).toEqual(['mine', 'original']);
  await provider.drop(spec);
  await provider.drop(spec);
  await expect(again.query('SELECT 1')).rejects.toMatchObject({ code: '28000' });
  expect((await reach(provider, spec)).detail).toContain('cloned from');
});

test('five environments that start at once build the template once', async () => {
  const all = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((id) => commandEnvironment(`at-once-${id}`)));
  const reached = await Promise.all(all.map(({ spec }) => reach(provider, spec)));
  expect(all.flatMap(({ ran }) => ran)).toHaveLength(2);
  for (const { query } of reached) expect(namesOf(await query(ITEMS))).toEqual(['seeded']);
});

test('a failed build tells its reason, leaves nothing and is tried again', async () => {
  const { spec, ran } = await commandEnvironment('failing', { template: { migrate: 'nonsense' } });
  await expect(provider.provision(spec, signal())).rejects.toMatchObject({
    code: 'DATABASE_TEMPLATE_FAILED',
    message: expect.stringMatching(/migrate \(nonsense\).*syntax error/),
  });
  await expect(provider.provision(spec, signal())).rejects.toThrow(/syntax error/);
  expect(ran).toEqual(['nonsense', 'nonsense']);
});

test('reset puts the template back while programs are connected', async () => {
  const { query, connect, spec } = await reach(provider, await scriptEnvironment('reset', SEED));
  await query(`INSERT INTO items VALUES ('mine')`);
  const connected = await connect();
  await provider.reset(spec, signal());
  await expect(connected.query('SELECT 1')).rejects.toThrow();
  expect(namesOf(await query(ITEMS))).toEqual(['original']);
});

test('snapshots are kept, listed, replaced and put back; the role still owns everything', async () => {
  const { query, spec } = await reach(provider, await scriptEnvironment('snapshots', SEED));
  await provider.snapshot(spec, 'first', signal());
  await query(`INSERT INTO items VALUES ('later')`);
  await provider.snapshot(spec, 'first', signal());
  await provider.snapshot(spec, 'First', signal());
  await query(`DROP TABLE items`);
  await provider.restore(spec, 'first', signal());
  expect(namesOf(await query(ITEMS))).toEqual(['later', 'original']);
  await query('ALTER TABLE items ADD COLUMN more int');
  const list = await provider.snapshots(spec);
  expect(list.map(({ name }) => name)).toEqual(['First', 'first']);
  expect(list[0]?.bytes).toBeGreaterThan(1_000_000);
  const usage = await provider.usage(spec);
  expect(usage?.bytes).toBeGreaterThan(1_000_000);
  expect(usage?.snapshotBytes).toBeGreaterThan(2_000_000);
  await expect(provider.restore(spec, 'second', signal())).rejects.toMatchObject({
    code: 'SNAPSHOT_UNKNOWN',
    remedy: 'It has: First, first.',
  });
  await expect(provider.snapshot(spec, '../x', signal())).rejects.toMatchObject({
    code: 'SNAPSHOT_NAME_INVALID',
  });
  await provider.forget(spec, 'First', signal());
  expect((await provider.snapshots(spec)).map(({ name }) => name)).toEqual(['first']);
  await expect(provider.forget(spec, 'First', signal())).rejects.toMatchObject({ code: 'SNAPSHOT_UNKNOWN' });
  await provider.drop(spec);
  expect(await provider.snapshots(spec)).toEqual([]);
});

test('the embedded server keeps no secret in the open', async () => {
  await reach(provider, await makeEnvironment('secret'));
  const { mode } = await import('node:fs/promises').then(({ stat }) => stat(join(home, 'postgres/secret')));
  expect(mode & 0o777).toBe(0o600);
  expect(await readdir(join(home, 'postgres/environments'))).toContain('secret');
});

/** As pg_dump writes it, with the roles and rights of the server it came from. */
const PLAIN_DUMP = `--
-- PostgreSQL database dump
--

\\restrict AbCdEf

-- Dumped from database version 16.3
SET statement_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET row_security = off;

CREATE EXTENSION IF NOT EXISTS pgcrypto WITH SCHEMA public;
COMMENT ON EXTENSION pgcrypto IS 'cryptographic functions';
COMMENT ON EXTENSION plpgsql IS 'of the superuser';
COMMENT ON SCHEMA public IS 'standard';

CREATE FUNCTION public.twice(n integer) RETURNS integer
    LANGUAGE sql
    BEGIN ATOMIC
 SELECT (n * CASE WHEN true THEN 2 END);
END;
ALTER FUNCTION public.twice(n integer) OWNER TO alice;

SET default_tablespace = '';
SET default_table_access_method = heap;

CREATE TABLE public.notes (
    id integer NOT NULL,
    text text DEFAULT 'a;b'::text
);
ALTER TABLE public.notes OWNER TO alice;
ALTER TABLE public.notes ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.notes_id_seq START WITH 1);

COPY public.notes (id, text) FROM stdin;
1\tone; two
2\tü€😀
3\t\\N
\\.

SELECT pg_catalog.setval('public.notes_id_seq', 3, true);
ALTER TABLE ONLY public.notes ADD CONSTRAINT notes_pkey PRIMARY KEY (id);
REVOKE USAGE ON SCHEMA public FROM PUBLIC;
GRANT SELECT ON TABLE public.notes TO bob;
ALTER DEFAULT PRIVILEGES FOR ROLE alice IN SCHEMA public GRANT ALL ON TABLES TO bob;

--
-- PostgreSQL database dump complete
--
\\unrestrict AbCdEf
`;

test('a plain dump of pg_dump is taken with its rows, whatever roles it names', async () => {
  const { query } = await reach(provider, await scriptEnvironment('plain-dump', PLAIN_DUMP));
  expect(await query('SELECT * FROM notes ORDER BY id')).toEqual([
    { id: 1, text: 'one; two' },
    { id: 2, text: 'ü€😀' },
    { id: 3, text: null },
  ]);
  expect(await query('INSERT INTO notes (text) VALUES (DEFAULT) RETURNING id, twice(id)')).toEqual([
    { id: 4, twice: 8 },
  ]);
});

test.each([
  [
    'an error',
    'CREATE TABLE a ();\n\nINSERT INTO b VALUES (1);',
    /relation "b" does not exist \(line 3: INSERT/,
  ],
  [
    'rows that do not fit',
    'CREATE TABLE a (n int);\nCOPY a FROM stdin;\nx\n\\.\n',
    /invalid input syntax.*line 2/,
  ],
  ['another database', 'CREATE DATABASE x;', /permission denied to create database/],
  ['a command of psql', '\\connect x\n', /\\connect in line 1/],
  ['a file of the server', `COPY t FROM '/etc/passwd';`, /line 1/],
])('a script with %s is refused with its line and leaves nothing', async (_what, script, expected) => {
  const spec = await scriptEnvironment('broken-script', script);
  await expect(provider.provision(spec, signal())).rejects.toMatchObject({
    code: 'DATABASE_TEMPLATE_INVALID',
    message: expect.stringMatching(expected),
  });
});

test('a dump in the custom format is refused with the command that makes a script of it', async () => {
  const spec = await makeEnvironment('custom', { template: { dump: 'dump.bin' } });
  await writeFile(join(spec.worktree, 'dump.bin'), 'PGDMP\x01\x0e');
  await expect(provider.provision(spec, signal())).rejects.toMatchObject({
    code: 'DATABASE_TEMPLATE_INVALID',
    remedy: expect.stringContaining('pg_restore --no-owner -f dump.sql dump.bin'),
  });
});

test('a script is ended when the start is aborted', async () => {
  const spec = await scriptEnvironment('aborted', 'SELECT pg_sleep(30);');
  const abort = new AbortController();
  const provisioning = provider.provision(spec, abort.signal);
  setTimeout(() => abort.abort(new Error('enough')), 500);
  await expect(provisioning).rejects.toThrow('enough');
});

test('fifty environments at once each get their own', async () => {
  const specs = await Promise.all(Array.from({ length: 50 }, (_, n) => scriptEnvironment(`many-${n}`, SEED)));
  const reached = await Promise.all(specs.map((spec) => reach(provider, spec)));
  const rows = await Promise.all(
    reached.map(({ query }, n) => query(`INSERT INTO items VALUES ('${n}') RETURNING name`)),
  );
  expect(rows.map(([row]) => row?.name)).toEqual(specs.map((_, n) => String(n)));
  expect(new Set(reached.map(({ env }) => env.PGDATABASE)).size).toBe(50);
});
