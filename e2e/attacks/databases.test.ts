import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Lifetime } from '../lifetime.ts';
import { type Arena, openArena } from './arena.ts';
import type { Attacker, PostgresLogin } from './attacker.ts';
import { GROUNDS } from './grounds.ts';

const DUMP = `CREATE TABLE notes (text text);\nINSERT INTO notes VALUES ('as seeded');\n`;
const DATABASE = { engine: 'postgres', template: { dump: 'template.sql' } } as const;
/** The codes of PostgreSQL's errcodes for a login or a right that is refused, and a connection that is cut. */
const REFUSED = /^(28000|28P01|42501|3D000|08P01|08004|0A000|ECONNRESET|closed)\b/;

describe.each(GROUNDS)('databases, from inside a sandbox of $name', (ground) => {
  const lifetime = new Lifetime();
  let arena: Arena;
  let attacker: Attacker;
  let neighbour: Attacker;
  let own: Required<Pick<PostgresLogin, 'user' | 'password' | 'database'>>;
  let theirs: typeof own;

  beforeAll(async () => {
    const opened = await openArena(ground, { files: { 'template.sql': DUMP } });
    arena = lifetime.own(opened, (each) => each.leave());
    attacker = await arena.enter('attacker', { database: DATABASE });
    neighbour = await arena.enter('neighbour', { database: DATABASE });
    own = await credentialsOf(attacker);
    theirs = await credentialsOf(neighbour);
    const [session] = await neighbour.queryPostgres([{}], ["INSERT INTO notes VALUES ('the neighbour’s')"]);
    expect(session).toMatchObject({ outcome: 'logged in', answers: [{ error: null }] });
  });
  afterAll(() => lifetime.end());

  test('each has its own copy of the template', async () => {
    expect(own).not.toEqual(theirs);
    const [session] = await attacker.queryPostgres([{}], ['SELECT text FROM notes']);
    expect(session?.answers).toMatchObject([{ rows: ['as seeded'], error: null }]);
  });

  test('a neighbour’s database takes neither the attacker’s credentials, nor guessed ones, nor the neighbour’s own', async () => {
    const { database, user, password } = theirs;
    const guesses: PostgresLogin[] = [
      { database },
      { user, database },
      { user, database, password: own.password },
      { user, database, password },
      { user, password },
      { user: 'postgres', database, password: 'postgres' },
      { user: 'postgres', database: 'postgres', password: '' },
      { user: 'postgres', password: own.password },
      { database: 'postgres' },
      { database: 'template1' },
      { database: `${own.database}\0user\0${user}` },
      { options: { options: `-c role=${user}` }, database },
      { options: { replication: 'database' } },
      { options: { replication: 'true' } },
    ];
    const sessions = await attacker.queryPostgres(guesses, ['SELECT current_database()']);
    const reached = sessions.filter(({ outcome }) => !REFUSED.test(outcome));
    // A parameter that is dropped is as good as one that is refused, as long as it leads to its own database.
    const foreign = reached.filter(({ answers }) => answers?.[0]?.rows[0] !== own.database);
    expect(foreign).toEqual([]);
    expect(reached.length).toBeLessThanOrEqual(1);
  });

  test('its own database refuses a wrong password', async () => {
    const [session] = await attacker.queryPostgres([{ password: 'guess' }]);
    expect(session?.outcome).toMatch(/^28P01/);
  });

  test('from its own database it gets neither into another one, nor to files and programs of the machine', async () => {
    const attempts = [
      `SET ROLE "${theirs.user}"`,
      'SET ROLE postgres',
      `SET SESSION AUTHORIZATION "${theirs.user}"`,
      `ALTER ROLE "${own.user}" SUPERUSER`,
      `ALTER ROLE "${theirs.user}" PASSWORD 'mine'`,
      `CREATE ROLE accomplice LOGIN PASSWORD 'x'`,
      'CREATE DATABASE loot',
      `CREATE DATABASE loot TEMPLATE "${theirs.database}"`,
      `DROP DATABASE "${theirs.database}"`,
      `ALTER DATABASE "${theirs.database}" RENAME TO taken`,
      `GRANT CONNECT ON DATABASE "${theirs.database}" TO "${own.user}"`,
      "COPY (SELECT 1) TO PROGRAM 'id'",
      "COPY notes FROM '/etc/passwd'",
      "COPY (SELECT 'planted') TO '/tmp/planted-by-postgres'",
      "SELECT pg_read_file('/etc/passwd')",
      "SELECT lo_import('/etc/passwd')",
      "SELECT pg_ls_dir('/')",
      'SELECT rolpassword FROM pg_authid',
      'CREATE EXTENSION dblink',
      'CREATE EXTENSION postgres_fdw',
      'CREATE EXTENSION file_fdw',
      "CREATE FUNCTION f() RETURNS int AS '/lib/x86_64-linux-gnu/libc.so.6', 'getpid' LANGUAGE C",
      "ALTER SYSTEM SET log_directory = '/tmp'",
      'SELECT pg_reload_conf()',
      'CHECKPOINT',
    ];
    const [session] = await attacker.queryPostgres([{}], attempts);
    expect(session?.answers?.filter(({ error }) => error === null || error === 'copy started')).toEqual([]);
  });

  test('a neighbour’s sessions are neither read nor ended', async () => {
    const [session] = await attacker.queryPostgres(
      [{}],
      [
        `SELECT query FROM pg_stat_activity WHERE datname = '${theirs.database}' AND query LIKE '%note%'`,
        `SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity WHERE datname <> '${own.database}'`,
        `SELECT pg_cancel_backend(pid)::text FROM pg_stat_activity WHERE datname <> '${own.database}'`,
      ],
    );
    const answers = session?.answers ?? [];
    expect(answers).toHaveLength(3);
    expect(answers.flatMap(({ rows }) => rows)).not.toContain('true');
    expect(answers[0]?.rows).toEqual([]);
  });

  test('after all that the neighbour’s data is as it was', async () => {
    const [session] = await neighbour.queryPostgres([{}], ['SELECT text FROM notes ORDER BY text']);
    expect(session?.answers?.[0]?.rows).toEqual(['as seeded', 'the neighbour’s']);
  });

  test('the server does not listen for anybody else on the machine', async () => {
    const tried = await attacker.connectTcp(
      ['127.0.0.1', 'localhost', '172.17.0.1'].flatMap((host) => [
        { host, port: 5433 },
        { host, port: 15432 },
      ]),
    );
    expect(tried.filter(({ outcome }) => outcome === 'connected')).toEqual([]);
  });
});

async function credentialsOf(attacker: Attacker) {
  const { url } = await attacker.ownDatabase();
  const { username, password, pathname } = new URL(url ?? '');
  return {
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: decodeURIComponent(pathname.slice(1)),
  };
}
