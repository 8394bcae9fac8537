import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { queryWith, type Reached, reach } from '../testing/postgres-fixture.ts';
import { makeSpec, temporaryDirectory } from '../testing/sqlite-fixture.ts';
import { PostgresProvider } from './provider.ts';

// A server is set up, which takes seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

/** Two environments of two people who do not trust each other, on one server. */
let home: string;
let provider: PostgresProvider;
let a: Reached;
let b: Reached;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'vitrine-isolation-'));
  provider = new PostgresProvider({ directory: join(home, 'postgres') });
});
afterAll(async () => {
  await provider.remove();
  await rm(home, { recursive: true, force: true });
});
beforeEach(async () => {
  const base = await temporaryDirectory('isolation');
  const make = async (environmentId: string) => {
    const spec = await makeSpec({ environmentId, template: { dump: 'dump.sql' } }, base);
    await writeFile(join(spec.worktree, 'dump.sql'), `CREATE TABLE items AS SELECT 'seed' AS name`);
    return reach(provider, spec);
  };
  a = await make('a');
  b = await make('b');
});

const login = (of: Reached) => ({
  user: of.env.PGUSER,
  password: of.env.PGPASSWORD,
  database: of.env.PGDATABASE,
});
const through = (of: Reached) => ({ host: '127.0.0.1', port: of.port, ssl: false });

test('an environment reaches its own database with an ordinary driver', async () => {
  expect(await a.query('SELECT name FROM items')).toEqual([{ name: 'seed' }]);
  expect(await a.query('SELECT current_user = current_database() AS same')).toEqual([{ same: true }]);
});

test.each([
  ['B’s database with A’s credentials', () => ({ ...login(a), database: b.env.PGDATABASE })],
  ['B’s database with B’s credentials', () => login(b)],
  ['the maintenance database', () => ({ ...login(a), database: 'postgres' })],
  ['template1', () => ({ ...login(a), database: 'template1' })],
  ['its own database as the administrator', () => ({ ...login(a), user: 'vitrine_admin' })],
  ['its own database as B', () => ({ ...login(a), user: b.env.PGUSER })],
])('from A, %s is refused before the server is asked', async (_what, credentials) => {
  await expect(queryWith({ ...through(a), ...credentials() }, 'SELECT 1')).rejects.toMatchObject({
    code: '28000',
    severity: 'FATAL',
  });
});

test('a guessed password is refused by the server', async () => {
  for (const password of ['', 'postgres', b.env.PGPASSWORD])
    await expect(
      queryWith({ ...through(a), ...login(a), password: password || 'x' }, 'SELECT 1'),
    ).rejects.toMatchObject({ code: '28P01' });
});

test('replication is refused', async () => {
  const answer = await say(
    a,
    startup({ user: a.env.PGUSER, database: a.env.PGDATABASE, replication: 'database' }),
  );
  expect(answer.toString()).toMatch(/C28000.*replication is not available/);
});

test('the role has no right beyond its database', async () => {
  const [row] = await a.query(
    `SELECT rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls, rolconnlimit FROM pg_roles WHERE rolname = current_user`,
  );
  expect(row).toEqual({
    rolsuper: false,
    rolcreatedb: false,
    rolcreaterole: false,
    rolreplication: false,
    rolbypassrls: false,
    rolconnlimit: 50,
  });
  for (const statement of [
    `SELECT pg_read_file('/etc/passwd')`,
    `SELECT pg_ls_dir('.')`,
    `COPY items TO PROGRAM 'cat'`,
    `COPY items FROM PROGRAM 'id'`,
    `COPY items FROM '/etc/passwd'`,
    `SELECT lo_import('/etc/passwd')`,
    `CREATE EXTENSION dblink`,
    `CREATE EXTENSION postgres_fdw`,
    `CREATE EXTENSION file_fdw`,
    `CREATE EXTENSION plperlu`,
    `CREATE DATABASE more`,
    `CREATE ROLE more`,
    `ALTER ROLE CURRENT_USER SUPERUSER`,
    `SET SESSION AUTHORIZATION vitrine_admin`,
    `SET ROLE vitrine_admin`,
    `SET ROLE ${b.env.PGUSER}`,
    `ALTER SYSTEM SET fsync = off`,
    `CREATE SUBSCRIPTION s CONNECTION 'host=127.0.0.1' PUBLICATION p`,
    `SELECT * FROM pg_authid`,
    `CREATE FUNCTION f() RETURNS int LANGUAGE c AS '/lib/x86_64-linux-gnu/libc.so.6', 'getpid'`,
    `LOAD '/tmp/x.so'`,
    `SELECT pg_reload_conf()`,
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'vitrine_admin' LIMIT 1`,
  ])
    await expect(a.query(statement), statement).rejects.toMatchObject({
      code: expect.stringMatching(/^(42501|0A000|22023|42704|58P01)$/),
    });
});

test('what others run cannot be read, and their names say nothing', async () => {
  await b.connect().then((client) => client.query(`SELECT 'secret of b'`));
  const rows = await a.query(
    `SELECT query, usename, datname FROM pg_stat_activity WHERE usename <> current_user`,
  );
  expect(JSON.stringify(rows)).not.toContain('secret of b');
  const names = await a.query(
    `SELECT datname AS name FROM pg_database UNION SELECT rolname FROM pg_roles UNION SELECT description FROM pg_shdescription`,
  );
  expect(names.map(({ name }) => name).join()).not.toMatch(/\bb\b|environments|worktree/);
});

test('notifications, advisory locks and large objects do not cross', async () => {
  const [listener, sender] = [await b.connect(), await a.connect()];
  const heard: string[] = [];
  listener.on('notification', ({ payload }) => heard.push(payload ?? ''));
  await listener.query('LISTEN news');
  await sender.query(`NOTIFY news, 'from a'`);
  await (await b.connect()).query(`NOTIFY news, 'from b'`);
  await listener.query('SELECT 1');
  await expect.poll(() => heard).toEqual(['from b']);
  await sender.query('SELECT pg_advisory_lock(1)');
  expect((await listener.query('SELECT pg_try_advisory_lock(1) AS got')).rows).toEqual([{ got: true }]);
  await sender.query(`SELECT lo_from_bytea(4711, 'data of a')`);
  await expect(listener.query('SELECT lo_get(4711)')).rejects.toThrow(/does not exist/);
});

test('an environment cancels its own statement, and nobody else’s', async () => {
  const client = await a.connect();
  const { processID, secretKey } = client as unknown as { processID: number; secretKey: number | Buffer };
  const sleeping = client.query('SELECT pg_sleep(20)');
  const outcome = sleeping.then(
    () => 'slept',
    (error: Error) => error.message,
  );
  const cancel = cancelRequest(processID, secretKey);
  await client.query; // the statement was sent when it was asked for
  expect(await say(b, cancel)).toHaveLength(0);
  expect(await Promise.race([outcome, untilRunning(b, 200)])).toBe('still running');
  expect(await say(a, cancel)).toHaveLength(0);
  expect(await outcome).toMatch(/canceling statement due to user request/);
});

test.each([
  ['too long', () => header(10_001)],
  ['enormous', () => header(0x7fffffff)],
  ['negative', () => header(-1)],
  ['too short', () => header(4)],
])('a startup packet that is %s is refused at once', async (_what, packet) => {
  expect((await say(a, packet())).toString()).toMatch(/C08P01.*invalid length/);
});

test.each([
  ['of an unknown protocol', () => startup({ user: 'x' }, 0x00020000), /C0A000.*protocol 2\.0/],
  ['with a name given twice', () => raw(`user\0x\0user\0${a.env.PGUSER}\0\0`), /C08P01/],
  ['without an end', () => raw('user\0x\0database\0y'), /C08P01/],
  ['that is random', () => raw('\0\0\0\0'), /C08P01/],
  ['of nobody', () => raw('\0'), /C28000/],
])('a startup packet %s gets a proper error', async (_what, packet, expected) => {
  expect((await say(a, packet())).toString()).toMatch(expected);
});

test('requests for encryption are answered with no, twice at most', async () => {
  const request = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);
  const socket = await open(a);
  for (let n = 0; n < 2; n += 1) {
    socket.write(request);
    expect(String(await once(socket, 'data'))).toBe('N');
  }
  socket.write(request);
  expect(String(await once(socket, 'data'))).toMatch(/too many requests for encryption/);
});

test('bytes that come one by one make a connection, none at all an error in time', async () => {
  const socket = await open(a);
  for (const byte of startup({ user: a.env.PGUSER, database: a.env.PGDATABASE })) {
    socket.write(Buffer.from([byte]));
    await new Promise(setImmediate);
  }
  expect(String(await once(socket, 'data'))).toMatch(/^R.*SCRAM-SHA-256/s);
  const slow = await open(a);
  slow.write(Buffer.from([0, 0, 0]));
  expect(String(await once(slow, 'data'))).toMatch(/C08006.*too long to start/);
});

test('rows by the hundred thousand pass both ways, also when the reader is slow', async () => {
  const client = await a.connect();
  await client.query('CREATE TABLE bulk (id int, text text)');
  const line = 'x'.repeat(200);
  function* rows() {
    for (let n = 0; n < 200_000; n += 1) yield `${n}\t${line}\n`;
  }
  await pipeline(Readable.from(rows()), client.query(copyFrom('COPY bulk FROM STDIN')));
  let bytes = 0;
  await pipeline(
    client.query(copyTo('COPY bulk TO STDOUT')),
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        const isFirst = bytes === 0;
        bytes += chunk.length;
        if (isFirst) setTimeout(done, 300);
        else done();
      },
    }),
  );
  expect(bytes).toBe(
    200_000 * 201 + Array.from({ length: 200_000 }, (_, n) => String(n).length + 1).reduce((x, y) => x + y),
  );
}, 60_000);

test('connections beyond the bound get an error that a driver shows, others go on', async () => {
  const sockets = await Promise.all(Array.from({ length: 101 }, () => open(a)));
  const last = sockets.at(-1) as Socket;
  expect(String(await once(last, 'data'))).toMatch(/C53300.*100 connections/);
  expect(await b.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  for (const socket of sockets) socket.destroy();
  await expect.poll(() => a.query('SELECT 1 AS one').catch(String)).toEqual([{ one: 1 }]);
});

test('the role’s own bound holds too', async () => {
  const connecting = await Promise.allSettled(Array.from({ length: 55 }, () => a.connect()));
  const refused = connecting.filter(({ status }) => status === 'rejected');
  expect(refused).toHaveLength(5);
  expect(refused[0]).toMatchObject({ reason: { code: '53300' } });
  expect(await b.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

async function open(of: Reached): Promise<Socket> {
  const socket = connect(of.port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** Sends bytes and returns all that comes until the other side closes. */
async function say(of: Reached, bytes: Buffer): Promise<Buffer> {
  const socket = await open(of);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.write(bytes);
  await once(socket, 'close');
  return Buffer.concat(chunks);
}

function header(length: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeInt32BE(length);
  bytes.writeInt32BE(0x00030000, 4);
  return bytes;
}

function raw(body: string, protocol = 0x00030000): Buffer {
  const content = Buffer.from(body);
  const start = header(content.length + 8);
  start.writeInt32BE(protocol, 4);
  return Buffer.concat([start, content]);
}

const startup = (parameters: Record<string, string | undefined>, protocol?: number): Buffer =>
  raw(`${Object.entries(parameters).flat().join('\0')}\0\0`, protocol);

function cancelRequest(processId: number, key: number | Buffer): Buffer {
  const secret = typeof key === 'number' ? Buffer.alloc(4) : key;
  if (typeof key === 'number') secret.writeInt32BE(key);
  const bytes = Buffer.alloc(12);
  bytes.writeInt32BE(12 + secret.length);
  bytes.writeInt32BE(80877102, 4);
  bytes.writeInt32BE(processId, 8);
  return Buffer.concat([bytes, secret]);
}

/** Gives a cancel request that must have no effect the time to have one: two round trips and a moment. */
async function untilRunning(of: Reached, milliseconds: number): Promise<string> {
  await of.query(`SELECT pg_sleep(${milliseconds / 1000})`);
  return 'still running';
}
