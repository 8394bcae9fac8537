import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { identify } from '../../../runtimes/process/identity.ts';
import type { DatabaseSpec } from '../../database.ts';
import { reach } from '../../testing/postgres-fixture.ts';
import { makeSpec, temporaryDirectory } from '../../testing/sqlite-fixture.ts';
import { Names } from '../names.ts';
import { PostgresProvider } from '../provider.ts';
import { Secret } from '../secret.ts';
import { dataDirectory } from './cluster.ts';
import { findServerPackage } from './package.ts';
import { serverPlace } from './place.ts';
import { EmbeddedServer } from './server.ts';

// A server is set up, which takes seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let shared: string;
let base: string;
let directory: string;
const signal = () => AbortSignal.timeout(60_000);

/** One server for most tests, tidied up between them: setting one up takes longest. */
beforeAll(async () => {
  shared = await mkdtemp(join(tmpdir(), 'vitrine-embedded-'));
});
afterAll(async () => {
  await new PostgresProvider({ directory: join(shared, 'postgres') }).remove();
  await rm(shared, { recursive: true, force: true });
});
beforeEach(async () => {
  base = await temporaryDirectory('embedded');
  directory = join(shared, 'postgres');
  const tidy = new PostgresProvider({ directory });
  await tidy.sweep(new Set());
  await tidy.close();
});

/** A provider on the test's directory, closed with the test. */
function makeProvider(idleMs?: number): PostgresProvider {
  const provider = new PostgresProvider({ directory, ...(idleMs === undefined ? {} : { idleMs }) });
  const isOwn = !directory.startsWith(shared);
  onTestFinished(() => (isOwn ? provider.remove() : provider.close()));
  return provider;
}

async function makeEnvironment(environmentId = 'e'): Promise<DatabaseSpec> {
  const spec = await makeSpec({ environmentId, template: { dump: 'dump.sql' } }, base);
  await writeFile(join(spec.worktree, 'dump.sql'), `CREATE TABLE items AS SELECT 'seed' AS name`);
  return spec;
}

/** Directory with the data of the test's server. */
async function dataOf(): Promise<string> {
  const { instance } = new Names(await Secret.load(directory));
  return dataDirectory(await serverPlace(directory, instance), (await findServerPackage()).major);
}

const pidOf = async () =>
  Number((await readFile(join(await dataOf(), 'postmaster.pid'), 'utf8')).split('\n')[0]);
const isRunning = async (pid: number) => (await identify(pid)) !== null;

test('nothing is made, loaded or started before a database is needed', async () => {
  directory = join(base, 'postgres');
  const provider = makeProvider();
  const spec = await makeEnvironment();
  await provider.sweep(new Set());
  await provider.drop(spec);
  expect(await provider.snapshots(spec)).toEqual([]);
  expect(await provider.usage(spec)).toBeNull();
  await provider.close();
  expect(await stat(directory).catch(() => null)).toBeNull();
});

test('close stops the server, and a later companion goes on with its data', async () => {
  const first = makeProvider();
  const spec = await makeEnvironment();
  await (await reach(first, spec)).query(`INSERT INTO items VALUES ('mine')`);
  const pid = await pidOf();
  await first.close();
  expect(await isRunning(pid)).toBe(false);
  const second = makeProvider();
  await second.sweep(new Set(['e']));
  const reached = await reach(second, spec);
  expect(reached.detail).toContain('kept from before');
  expect(await reached.query('SELECT * FROM items')).toHaveLength(2);
});

test('the server listens on no port', async () => {
  await reach(makeProvider(), await makeEnvironment());
  const lines = (await readFile(join(await dataOf(), 'postmaster.pid'), 'utf8')).split('\n');
  // The line after the socket's directory is the address it listens on.
  expect(lines[4]).not.toBe('');
  expect(lines[5]).toBe('');
});

test('a server nobody uses is stopped and starts again with the next connection', async () => {
  const provider = makeProvider(100);
  const { query } = await reach(provider, await makeEnvironment());
  const pid = await pidOf();
  await expect.poll(() => isRunning(pid), { timeout: 10_000 }).toBe(false);
  expect(await query('SELECT name FROM items')).toEqual([{ name: 'seed' }]);
});

test('a connection keeps the server from being idle', async () => {
  const provider = makeProvider(100);
  const { connect } = await reach(provider, await makeEnvironment());
  const client = await connect();
  await client.query('SELECT pg_sleep(0.5)');
  expect((await client.query('SELECT name FROM items')).rows).toEqual([{ name: 'seed' }]);
});

test('after kill -9 of the server, clients get an error, templates and data are whole, and it runs again', async () => {
  const provider = makeProvider();
  const spec = await makeEnvironment();
  const { connect, query } = await reach(provider, spec);
  // Without waiting for the disk, the last moments before a crash are lost.
  await query('SET synchronous_commit = on; CREATE TABLE more AS SELECT generate_series(1, 50000) AS n');
  const client = await connect();
  const broken = client.query('SELECT pg_sleep(20)');
  broken.catch(() => undefined);
  process.kill(await pidOf(), 'SIGKILL');
  await expect(broken).rejects.toThrow(/ended the connection|terminating connection|terminated unexpectedly/);
  await expect
    .poll(() => query('SELECT count(*)::int FROM more').catch(String), { timeout: 20_000 })
    .toEqual([{ count: 50_000 }]);
  const clone = await reach(provider, await makeEnvironment('next'));
  expect(clone.detail).toBe('cloned from the template made by dump.sql');
  expect(await clone.query('SELECT name FROM items')).toEqual([{ name: 'seed' }]);
});

test('clones that a kill -9 of the server interrupts are made on the next one, and the template stays whole', async () => {
  const provider = makeProvider();
  await provider.provision(await makeEnvironment('first'), signal());
  for (let round = 0; round < 3; round += 1) {
    const specs = await Promise.all(['a', 'b', 'c', 'd'].map((id) => makeEnvironment(`${id}${round}`)));
    const cloning = Promise.allSettled(specs.map((spec) => provider.provision(spec, signal())));
    const killing = pidOf().then((pid) => process.kill(pid, 'SIGKILL'));
    const [cloned] = await Promise.all([cloning, killing]);
    expect(cloned.filter(({ status }) => status === 'rejected')).toEqual([]);
    for (const spec of specs) {
      const { query } = await reach(provider, spec);
      expect(await query('SELECT name FROM items')).toEqual([{ name: 'seed' }]);
    }
  }
}, 60_000);

/** A companion of its own, which is killed when it has a database. */
async function killedCompanion(spec: DatabaseSpec): Promise<void> {
  const program = `
    const { PostgresProvider } = await import(${JSON.stringify(join(import.meta.dirname, '../provider.ts'))});
    const provider = new PostgresProvider({ directory: ${JSON.stringify(directory)} });
    await provider.provision(${JSON.stringify(spec)}, AbortSignal.timeout(30_000));
    process.kill(process.pid, 'SIGKILL');`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'inherit', 'inherit'],
    cwd: join(import.meta.dirname, '../../../..'),
  });
  const [, killedBy] = await once(child, 'exit');
  expect(killedBy).toBe('SIGKILL');
}

test('what a killed companion left running is ended by the next one, and its databases go on', async () => {
  const spec = await makeEnvironment();
  await killedCompanion(spec);
  const provider = makeProvider();
  const left = await pidOf();
  expect(await isRunning(left)).toBe(true);
  await provider.sweep(new Set(['e']));
  expect(await isRunning(left)).toBe(false);
  const { detail, query } = await reach(provider, spec);
  expect(detail).toContain('kept from before');
  expect(await query('SELECT name FROM items')).toEqual([{ name: 'seed' }]);
});

test('environments that are gone lose databases and roles at the next start, others keep theirs', async () => {
  const first = makeProvider();
  const specs = await Promise.all(['gone', 'kept'].map(makeEnvironment));
  for (const spec of specs) {
    await first.provision(spec, signal());
    await first.snapshot(spec, 'one', signal());
  }
  await first.close();
  const second = makeProvider();
  await second.sweep(new Set(['kept']));
  const kept = await reach(second, specs[1] as DatabaseSpec);
  const [left] = await kept.query(
    `SELECT (SELECT count(*)::int FROM pg_database WHERE datname LIKE 'vitrine%' AND datname NOT LIKE '%\\_t\\_%') AS databases,
       (SELECT count(*)::int FROM pg_roles WHERE rolname LIKE 'vitrine%' AND rolname NOT LIKE '%\\_b\\_%') AS roles`,
  );
  // The environment's own and its snapshot; its role and the administrator.
  expect(left).toEqual({ databases: 2, roles: 2 });
  expect(await readdir(join(directory, 'environments'))).toEqual(['kept']);
});

test.runIf(process.getuid?.() === 0)(
  'a companion that is not root has its server in its own directory',
  async () => {
    const own = await temporaryDirectory('nobody');
    const spec = await makeSpec({}, own);
    const [uid, gid] = [65534, 65534];
    for (const path of [own, spec.dataDirectory]) await chown(path, uid, gid);
    const program = `
    const { PostgresProvider } = await import(${JSON.stringify(join(import.meta.dirname, '../provider.ts'))});
    const provider = new PostgresProvider({ directory: ${JSON.stringify(join(own, 'postgres'))} });
    await provider.provision(${JSON.stringify(spec)}, AbortSignal.timeout(30_000));
    await provider.snapshot(${JSON.stringify(spec)}, 'one', AbortSignal.timeout(30_000));
    await provider.close();`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'inherit', 'inherit'],
      cwd: join(import.meta.dirname, '../../../..'),
      uid,
      gid,
    });
    expect(await once(child, 'exit')).toEqual([0, null]);
    const server = join(own, 'postgres/server');
    expect((await stat(server)).mode & 0o777).toBe(0o700);
    expect((await readdir(server)).sort()).toEqual(['data-18', expect.stringMatching(/^programs-18/)]);
  },
);

test('another process that has the old server’s number is left alone', async () => {
  const first = makeProvider();
  const spec = await makeEnvironment();
  await first.provision(spec, signal());
  await first.close();
  const other = spawn('sleep', ['60'], { stdio: 'ignore' });
  onTestFinished(() => void other.kill());
  await writeFile(join(await dataOf(), 'postmaster.pid'), `${other.pid}\n${await dataOf()}\n`);
  const second = makeProvider();
  await second.sweep(new Set(['e']));
  expect((await reach(second, spec)).detail).toContain('kept from before');
  expect(other.exitCode).toBeNull();
});

test('a state directory whose path is too long for a socket works', async () => {
  directory = join(base, 'x'.repeat(100), 'postgres');
  await mkdir(directory, { recursive: true });
  const { query } = await reach(makeProvider(), await makeEnvironment());
  expect(await query('SELECT name FROM items')).toEqual([{ name: 'seed' }]);
});

test('a setup that was cut off begins anew', async () => {
  directory = join(base, 'postgres');
  await Secret.load(directory);
  const data = await dataOf();
  const provider = makeProvider();
  await mkdir(`${data}.partial`, { recursive: true });
  await writeFile(join(`${data}.partial`, 'half'), '');
  await provider.provision(await makeEnvironment(), signal());
  expect(await stat(`${data}.partial`).catch(() => null)).toBeNull();
});

test('a start that is aborted by all does not keep others from starting', async () => {
  const provider = makeProvider();
  const abort = new AbortController();
  const aborted = provider.provision(await makeEnvironment('a'), abort.signal);
  setImmediate(() => abort.abort(new Error('enough')));
  await expect(aborted).rejects.toThrow('enough');
  await provider.provision(await makeEnvironment('b'), signal());
});

test('an aborted statement is ended on the server before anything else is done', async () => {
  const names = new Names(await Secret.load(directory));
  const password = (role: string) => names.password(role);
  const server = new EmbeddedServer({ directory, instance: names.instance, password });
  onTestFinished(() => server.close());
  const abort = new AbortController();
  const sleeping = server.run(signal(), (admin) => {
    setTimeout(() => abort.abort(new Error('enough')), 200);
    return admin.query('SELECT pg_sleep(30)', abort.signal);
  });
  await expect(sleeping).rejects.toThrow('enough');
  const left = await server.run(signal(), (admin) =>
    admin.query(
      `SELECT query FROM pg_stat_activity WHERE query LIKE '%pg_sleep(30)' AND state = 'active'`,
      signal(),
    ),
  );
  expect(left).toEqual([]);
});

test('a platform without a server says so and what to do', async () => {
  await expect(findServerPackage('plan9-mips')).rejects.toMatchObject({
    code: 'DATABASE_UNAVAILABLE',
    remedy: expect.stringContaining('isolation.backend.database.url'),
  });
});
