import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import type { DatabaseSpec } from '../../database.ts';
import { queryWith, reach } from '../../testing/postgres-fixture.ts';
import { makeSpec, temporaryDirectory } from '../../testing/sqlite-fixture.ts';
import { socketFile } from '../embedded/place.ts';
import { EmbeddedServer } from '../embedded/server.ts';
import { Names } from '../names.ts';
import { PostgresProvider } from '../provider.ts';
import { Secret } from '../secret.ts';
import { parseServerUrl } from './url.ts';

// A server is set up, which takes seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

/** The user's own server: the embedded programs, started for somebody else. */
let home: string;
let server: EmbeddedServer;
let socketDirectory: string;
let base: string;
const signal = () => AbortSignal.timeout(60_000);

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'vitrine-own-'));
  const names = new Names(await Secret.load(home));
  const password = (role: string) => names.password(role);
  server = new EmbeddedServer({ directory: home, instance: names.instance, password });
  await asAdmin(`CREATE ROLE maker LOGIN CREATEDB CREATEROLE PASSWORD 'pw'`);
  await asAdmin(`CREATE ROLE boss LOGIN SUPERUSER PASSWORD 'pw'`);
  await asAdmin(`CREATE ROLE guest LOGIN CREATEDB PASSWORD 'pw'`);
  await asAdmin('GRANT CONNECT ON DATABASE postgres TO maker, guest');
  await asAdmin('CREATE DATABASE precious');
  socketDirectory = (await server.client(signal())).host ?? '';
});
afterAll(async () => {
  await server.remove();
  await rm(home, { recursive: true, force: true });
});
beforeEach(async () => {
  base = await temporaryDirectory('own-server');
});

const asAdmin = (sql: string) => server.run(signal(), (admin) => admin.query(sql, signal()));
const urlOf = (role: string, password = 'pw') =>
  `postgresql://${role}:${password}@localhost/postgres?host=${encodeURIComponent(socketDirectory)}`;

function makeProvider(name = 'companion'): PostgresProvider {
  const provider = new PostgresProvider({ directory: join(base, name) });
  onTestFinished(() => provider.remove());
  return provider;
}

async function makeEnvironment(environmentId: string, url: string): Promise<DatabaseSpec> {
  const spec = await makeSpec({ environmentId, url, template: { dump: 'dump.sql' } }, base);
  await writeFile(join(spec.worktree, 'dump.sql'), `CREATE TABLE items AS SELECT 'seed' AS name`);
  return spec;
}

/** What is on the server beside templates. */
const madeThere = async () =>
  (
    await asAdmin(
      `SELECT 'database' AS name FROM pg_database WHERE datname LIKE 'vitrine%' AND datname NOT LIKE '%\\_t\\_%'
       UNION ALL SELECT 'role' FROM pg_roles WHERE rolname LIKE 'vitrine%' AND rolname NOT LIKE '%\\_b\\_%' AND rolname <> 'vitrine_admin'`,
    )
  ).map(({ name }) => name);

test.each(['maker', 'boss'])(
  'environments get databases there, by the rights of %s, with all that goes with them',
  async (role) => {
    const provider = makeProvider();
    const spec = await makeEnvironment('one', urlOf(role));
    const { query, detail, port } = await reach(provider, spec);
    expect(detail).toBe('cloned from a template just made by dump.sql');
    await query(`ALTER TABLE items ADD COLUMN more int; INSERT INTO items VALUES ('mine')`);
    await provider.snapshot(spec, 'mine', signal());
    await provider.reset(spec, signal());
    expect(await query('SELECT name FROM items')).toEqual([{ name: 'seed' }]);
    await provider.restore(spec, 'mine', signal());
    expect(await query('SELECT name FROM items')).toHaveLength(2);
    expect(await provider.snapshots(spec)).toMatchObject([{ name: 'mine' }]);
    expect((await provider.usage(spec))?.snapshotBytes).toBeGreaterThan(1_000_000);
    const next = await reach(provider, await makeEnvironment('two', urlOf(role)));
    expect(next.detail).toBe('cloned from the template made by dump.sql');
    const other = new pg.Client({
      host: '127.0.0.1',
      port,
      user: role,
      password: 'pw',
      database: 'precious',
    });
    await expect(other.connect()).rejects.toMatchObject({ code: '28000' });
    await provider.drop(spec);
    await provider.drop(next.spec);
    expect(await madeThere()).toEqual([]);
  },
);

test('a later companion removes what belongs to no environment, and only that', async () => {
  const first = makeProvider();
  const [gone, kept] = [
    await makeEnvironment('gone', urlOf('maker')),
    await makeEnvironment('kept', urlOf('maker')),
  ];
  await first.provision(gone, signal());
  await first.provision(kept, signal());
  await first.close();
  const stranger = makeProvider('stranger');
  const theirs = await makeEnvironment('theirs', urlOf('boss'));
  await stranger.provision(theirs, signal());
  const second = makeProvider();
  await second.sweep(new Set(['kept']));
  expect(await madeThere()).toHaveLength(6);
  expect((await reach(second, kept)).detail).toContain('kept from before');
  expect(await madeThere()).toHaveLength(4);
  await second.drop(kept);
  await stranger.drop(theirs);
  expect(await madeThere()).toEqual([]);
  expect(await asAdmin(`SELECT 1 FROM pg_database WHERE datname = 'precious'`)).toHaveLength(1);
});

test('a database of its name without its label is left alone', async () => {
  const provider = makeProvider();
  const spec = await makeEnvironment('one', urlOf('boss'));
  const { env } = await reach(provider, spec);
  await provider.drop(spec);
  await asAdmin(`CREATE DATABASE ${env.PGDATABASE}`);
  await expect(provider.provision(spec, signal())).rejects.toMatchObject({ code: 'DATABASE_FOREIGN' });
  await provider.drop(spec);
  expect(await asAdmin(`SELECT 1 FROM pg_database WHERE datname = '${env.PGDATABASE}'`)).toHaveLength(1);
  await asAdmin(`DROP DATABASE ${env.PGDATABASE}; `);
  await provider.drop(spec);
});

test('the server itself refuses a role in any database but its own', async () => {
  const provider = makeProvider();
  const [one, two] = [
    await reach(provider, await makeEnvironment('one', urlOf('boss'))),
    await reach(provider, await makeEnvironment('two', urlOf('boss'))),
  ];
  const [template] = await asAdmin(`SELECT datname FROM pg_database WHERE datname LIKE '%\\_t\\_%'`);
  const connectTo = (database: string | null | undefined) =>
    queryWith(
      {
        host: socketDirectory,
        user: one.env.PGUSER,
        password: one.env.PGPASSWORD,
        database: database ?? '',
      },
      'SELECT 1 AS one',
    );
  expect(await connectTo(one.env.PGDATABASE)).toEqual([{ one: 1 }]);
  for (const database of [two.env.PGDATABASE, 'postgres', 'template1', template?.datname])
    await expect(connectTo(database), String(database)).rejects.toMatchObject({
      code: expect.stringMatching(/^(42501|55000)$/),
    });
  for (const { spec } of [one, two]) await provider.drop(spec);
});

test('a template that is marked as such by its owner can still be dropped', async () => {
  const provider = makeProvider();
  const spec = await makeEnvironment('one', urlOf('boss'));
  const { env, query } = await reach(provider, spec);
  await query(`ALTER DATABASE ${env.PGDATABASE} WITH IS_TEMPLATE true`);
  await query(`COMMENT ON DATABASE ${env.PGDATABASE} IS NULL`);
  await provider.drop(spec);
  expect(await madeThere()).toEqual([]);
});

test.each([
  ['missing rights', () => urlOf('guest'), 'DATABASE_RIGHTS_MISSING', /ALTER ROLE "guest" CREATEROLE/],
  ['a wrong password', () => urlOf('maker', 'wrong'), 'DATABASE_LOGIN_REFUSED', /password/],
  [
    'an unknown database',
    () => urlOf('boss').replace('/postgres?', '/nowhere?'),
    'DATABASE_LOGIN_REFUSED',
    /database/,
  ],
  ['a server that is down', () => 'postgresql://x:y@127.0.0.1:1/postgres', 'DATABASE_UNREACHABLE', /runs/],
  ['a host that is none', () => 'postgresql://x:y@nowhere.invalid/postgres', 'DATABASE_UNREACHABLE', /host/],
  ['another scheme', () => 'mysql://x:y@localhost/z', 'DATABASE_URL_INVALID', /postgresql:/],
])('%s gives an error with a remedy, and without the password', async (_what, url, code, remedy) => {
  const error = await makeProvider()
    .provision(await makeEnvironment('one', url()), signal())
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code, remedy: expect.stringMatching(remedy) });
  expect(String(error)).not.toMatch(/wrong|\bpw\b/);
});

test('an environment can be terminated while its server is down, and what it left goes later', async () => {
  const complaints = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  onTestFinished(() => complaints.mockRestore());
  const forwarder = await forward();
  const url = `postgresql://maker:pw@127.0.0.1:${forwarder.port}/postgres?sslmode=disable`;
  const provider = makeProvider();
  const spec = await makeEnvironment('one', url);
  await provider.provision(spec, signal());
  forwarder.pause();
  await provider.drop(spec);
  expect(complaints).toHaveBeenCalled();
  expect(await madeThere()).toHaveLength(2);
  forwarder.resume();
  const next = await makeEnvironment('two', url);
  await provider.provision(next, signal());
  expect(await madeThere()).toHaveLength(2);
  await provider.drop(next);
});

test('an encrypted server is used as sslmode says', async () => {
  const certificate = await makeCertificate();
  const { port } = await forward(certificate);
  const url = (host: string, more: string) => `postgresql://maker:pw@${host}:${port}/postgres?${more}`;
  const provider = makeProvider();
  const authority = `sslrootcert=${encodeURIComponent(certificate.file)}`;
  for (const parameters of ['sslmode=require', 'sslmode=prefer', `sslmode=verify-full&${authority}`]) {
    const spec = await makeEnvironment('one', url('localhost', parameters));
    expect(await (await reach(provider, spec)).query('SELECT name FROM items')).toEqual([{ name: 'seed' }]);
    await provider.drop(spec);
  }
  for (const [host, parameters] of [
    ['localhost', 'sslmode=verify-full'],
    ['127.0.0.1', `sslmode=verify-full&${authority}`],
  ] as const) {
    const spec = await makeEnvironment('one', url(host, parameters));
    await expect(provider.provision(spec, signal())).rejects.toMatchObject({
      code: 'DATABASE_UNREACHABLE',
      remedy: expect.stringContaining('certificate'),
    });
  }
  const plain = await forward();
  const spec = await makeEnvironment(
    'one',
    `postgresql://maker:pw@127.0.0.1:${plain.port}/postgres?sslmode=require`,
  );
  await expect(provider.provision(spec, signal())).rejects.toThrow(/offers no encryption/);
});

test.each([
  ['nothing', 'no url'],
  ['postgresql://localhost/x', 'names no role'],
  ['postgresql://u:p@a,b/x', 'several hosts|not a URL'],
  ['postgresql://u:p@h/x?sslmode=maybe', 'sslmode'],
  ['postgresql://u:%zz@h/x', 'percent'],
  ['postgresql://u:p@h/x?sslmode=require&sslrootcert=/does/not/exist', 'ENOENT'],
])('%s is refused', (url, why) => {
  expect(() => parseServerUrl(url)).toThrow(new RegExp(why === 'no url' ? 'not a URL' : why));
});

test('parts of a URL are decoded, and left out ones have the usual values', () => {
  expect(parseServerUrl('postgres://a%40b:p%2F@[::1]')).toEqual({
    host: '::1',
    port: 5432,
    user: 'a@b',
    password: 'p/',
    database: 'postgres',
    sslMode: 'prefer',
    certificateAuthority: undefined,
  });
});

interface Certificate {
  file: string;
  key: string;
  cert: string;
}

async function makeCertificate(): Promise<Certificate> {
  const file = join(base, 'cert.pem');
  const keyFile = join(base, 'key.pem');
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  await promisify(execFile)('openssl', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', keyFile, '-out', file],
    ...subject,
  ]);
  return { file, key: await readFile(keyFile, 'utf8'), cert: await readFile(file, 'utf8') };
}

/** A port that leads to the server's socket, encrypted where a certificate is given; otherwise it offers none. */
async function forward(certificate?: Certificate) {
  const sockets = new Set<Socket>();
  let isPaused = false;
  const listener = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    if (isPaused) return void socket.destroy();
    const join = (client: Socket | TLSSocket, head?: Buffer) => {
      const target = connect(socketFile(socketDirectory));
      for (const [from, to] of [
        [client, target],
        [target, client],
      ] as const) {
        from.on('error', () => to.destroy());
        from.on('close', () => to.destroy());
        from.pipe(to);
      }
      if (head) target.write(head);
    };
    socket.once('data', (first: Buffer) => {
      const isRequest = first.length === 8 && first.readInt32BE(4) === 80877103;
      if (!isRequest) return certificate ? void socket.destroy() : join(socket, first);
      if (certificate) {
        socket.write('S');
        return join(new TLSSocket(socket, { isServer: true, ...certificate }));
      }
      socket.write('N');
      socket.once('data', (next: Buffer) => join(socket, next));
    });
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const end = () => {
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(() => {
    end();
    listener.close();
  });
  return {
    port: (listener.address() as AddressInfo).port,
    pause() {
      isPaused = true;
      end();
    },
    resume() {
      isPaused = false;
    },
  };
}
