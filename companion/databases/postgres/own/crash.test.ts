import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import type { DatabaseSpec } from '../../database.ts';
import { type Reached, reach } from '../../testing/postgres-fixture.ts';
import { makeSpec, temporaryDirectory } from '../../testing/sqlite-fixture.ts';
import { EmbeddedServer } from '../embedded/server.ts';
import { Names } from '../names.ts';
import { PostgresProvider } from '../provider.ts';
import { Secret } from '../secret.ts';

// Each step is killed once, by a process of its own.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 });

let home: string;
let server: EmbeddedServer;
let url: string;
const signal = () => AbortSignal.timeout(60_000);

/** A server that outlives the companions that are killed. */
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'vitrine-crash-'));
  const names = new Names(await Secret.load(home));
  server = new EmbeddedServer({
    directory: home,
    instance: names.instance,
    password: (role) => names.password(role),
  });
  await asAdmin(`CREATE ROLE boss LOGIN SUPERUSER PASSWORD 'pw'`);
  const { host } = await server.client(signal());
  url = `postgresql://boss:pw@localhost/postgres?host=${encodeURIComponent(host ?? '')}`;
});
afterAll(async () => {
  await server.remove();
  await rm(home, { recursive: true, force: true });
});

const asAdmin = (sql: string) => server.run(signal(), (admin) => admin.query(sql, signal()));
const halfMade = () => asAdmin(`SELECT datname FROM pg_database WHERE datname ~ '_(new|old|copy)$|_b_'`);

/** Does one thing in a companion that kills itself before its n-th statement. */
async function killedAt(step: number, directory: string, spec: DatabaseSpec, work: string): Promise<boolean> {
  const program = `
    import pg from 'pg';
    let left = ${step};
    const query = pg.Client.prototype.query;
    pg.Client.prototype.query = function (...args) {
      left -= 1;
      if (left === 0) process.kill(process.pid, 'SIGKILL');
      return query.apply(this, args);
    };
    const { PostgresProvider } = await import(${JSON.stringify(join(import.meta.dirname, '../provider.ts'))});
    const provider = new PostgresProvider({ directory: ${JSON.stringify(directory)} });
    await provider.sweep(new Set(['e']));
    const spec = { ...${JSON.stringify(spec)}, runCommand: async () => {} };
    const signal = AbortSignal.timeout(30_000);
    await provider.${work};
    await provider.close();`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'inherit', 'inherit'],
    cwd: join(import.meta.dirname, '../../../..'),
  });
  const [code, killedBy] = await once(child, 'exit');
  if (killedBy !== 'SIGKILL') expect(code).toBe(0);
  return killedBy === 'SIGKILL';
}

/** Kills `work` at each of its statements; afterwards a new companion is asked what there is. */
async function killEverywhere(
  work: string,
  look: (provider: PostgresProvider, reached: Reached) => Promise<string>,
): Promise<Set<string>> {
  const base = await temporaryDirectory('crash');
  const directory = join(base, 'postgres');
  const spec = await makeSpec({ environmentId: 'e', url, template: { dump: 'dump.sql' } }, base);
  await writeFile(join(spec.worktree, 'dump.sql'), `CREATE TABLE items AS SELECT 'seed' AS name`);
  const seen = new Set<string>();
  for (let step = 1, wasKilled = true; wasKilled; step += 1) {
    const before = new PostgresProvider({ directory });
    await before.sweep(new Set(['e']));
    await before.reset(spec, signal());
    const { query } = await reach(before, spec);
    await before.snapshot(spec, 'kept', signal());
    await query(`INSERT INTO items VALUES ('mine')`);
    await before.close();
    wasKilled = await killedAt(step, directory, spec, work);
    const after = new PostgresProvider({ directory });
    onTestFinished(() => after.close());
    await after.sweep(new Set(['e']));
    const reached = await reach(after, spec);
    expect(reached.detail, `killed at statement ${step}`).toContain('kept from before');
    seen.add(await look(after, reached));
    expect(await halfMade()).toEqual([]);
    await after.close();
  }
  const last = new PostgresProvider({ directory });
  await last.drop(spec);
  await last.close();
  return seen;
}

const itemsOf = async ({ query }: Reached) =>
  (await query('SELECT name FROM items ORDER BY name')).map(({ name }) => name).join();

test('whenever a reset is killed, the database is the old or the new one, never none', async () => {
  const seen = await killEverywhere('reset(spec, signal)', (_provider, reached) => itemsOf(reached));
  expect([...seen].sort()).toEqual(['mine,seed', 'seed']);
});

test('whenever a snapshot is killed, the one of that name is the old or the new one', async () => {
  const seen = await killEverywhere(`snapshot(spec, 'kept', signal)`, async (provider, reached) => {
    await provider.restore(reached.spec, 'kept', signal());
    return itemsOf(reached);
  });
  expect([...seen].sort()).toEqual(['mine,seed', 'seed']);
});
