import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { lstat, mkdir, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import type { DatabaseSpec } from '../database.ts';
import {
  closeSqlite,
  makeSpec,
  onSqlite,
  openSqlite,
  rowsOf,
  temporaryDirectory,
} from '../testing/sqlite-fixture.ts';
import { SqliteProvider } from './provider.ts';

let base: string;
let provider: SqliteProvider;
const signal = () => AbortSignal.timeout(10_000);

beforeEach(async () => {
  base = await temporaryDirectory('sqlite-life');
  provider = new SqliteProvider({ directory: join(base, 'databases') });
});

/** An environment that was started once; its database has one row, "original". */
async function started(environmentId = 'e'): Promise<{ spec: DatabaseSpec; path: string }> {
  const spec = await makeSpec({ environmentId, template: { dump: 'seed.sql' } }, base);
  await writeFile(
    join(spec.worktree, 'seed.sql'),
    `CREATE TABLE items (name); INSERT INTO items VALUES ('original');`,
  );
  const { env } = await provider.provision(spec, signal());
  return { spec, path: env(null).DATABASE_PATH ?? '' };
}

const namesIn = async (path: string) =>
  (await rowsOf(path, 'SELECT name FROM items')).map((row) => (row as { name: string }).name);

test('reset puts the template back, log and all', async () => {
  const { spec, path } = await started();
  const writer = await openSqlite(path);
  await onSqlite(path, `PRAGMA journal_mode = WAL; INSERT INTO items VALUES ('mine')`);
  await closeSqlite(writer);
  await provider.reset(spec, signal());
  expect(await namesIn(path)).toEqual(['original']);
  expect(await readdir(spec.dataDirectory)).toEqual(['database']);
});

test('a reset that fails leaves the database as it is', async () => {
  const { spec, path } = await started();
  await onSqlite(path, `INSERT INTO items VALUES ('mine')`);
  await writeFile(join(spec.worktree, 'seed.sql'), 'nonsense');
  await expect(provider.reset(spec, signal())).rejects.toMatchObject({ code: 'DATABASE_TEMPLATE_INVALID' });
  expect(await namesIn(path)).toEqual(['original', 'mine']);
});

test('a snapshot taken while a service writes to the log is complete and can be put back', async () => {
  const { spec, path } = await started();
  const service = await openSqlite(path);
  onTestFinished(() => closeSqlite(service));
  await new Promise<void>((resolve) =>
    service.exec(
      `PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; INSERT INTO items VALUES ('in the log')`,
      () => resolve(),
    ),
  );
  await provider.snapshot(spec, 'before', signal());
  await onSqlite(path, 'DELETE FROM items');
  expect(await provider.snapshots(spec)).toMatchObject([{ name: 'before', bytes: expect.any(Number) }]);
  await provider.restore(spec, 'before', signal());
  expect(await namesIn(path)).toEqual(['original', 'in the log']);
});

test('snapshots taken while a program writes without a pause are consistent', async () => {
  const { spec, path } = await started();
  await onSqlite(path, 'CREATE TABLE pairs (a INTEGER, b INTEGER, filler TEXT)');
  for (const mode of ['DELETE', 'WAL']) {
    const program = `
      const sqlite3 = require(${JSON.stringify(join(import.meta.dirname, '../../../node_modules/sqlite3'))});
      const database = new sqlite3.Database(${JSON.stringify(path)});
      database.configure('busyTimeout', 5000);
      let n = 0;
      const next = () => database.exec("BEGIN; INSERT INTO pairs VALUES (" + n + ", 0, hex(randomblob(2000))); UPDATE pairs SET b = a; DELETE FROM pairs WHERE a < " + (n - 50) + "; COMMIT;", (error) => { if (error) console.error(error.message); n += 1; if (n === 5) console.log('writing'); setImmediate(next); });
      database.exec('PRAGMA journal_mode = ${mode}', next);`;
    const writer = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      await once(writer.stdout, 'data');
      for (let round = 0; round < 10; round += 1) {
        await provider.snapshot(spec, 'busy', signal());
        const copy = join(base, 'databases/snapshots/e', `${Buffer.from('busy').toString('hex')}.sqlite`);
        expect(await rowsOf(copy, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
        expect(await rowsOf(copy, 'SELECT a FROM pairs WHERE a != b')).toEqual([]);
      }
    } finally {
      writer.kill('SIGKILL');
      await once(writer, 'exit');
    }
  }
});

test('a snapshot of that name is replaced, names are checked, an unknown one is refused', async () => {
  const { spec, path } = await started();
  await provider.snapshot(spec, 'one', signal());
  await onSqlite(path, `INSERT INTO items VALUES ('later')`);
  await provider.snapshot(spec, 'one', signal());
  await provider.snapshot(spec, 'One', signal());
  await provider.reset(spec, signal());
  await provider.restore(spec, 'one', signal());
  expect(await namesIn(path)).toEqual(['original', 'later']);
  expect((await provider.snapshots(spec)).map(({ name }) => name).sort()).toEqual(['One', 'one']);
  for (const name of ['', '../x', 'a b', 'x'.repeat(65)])
    await expect(provider.snapshot(spec, name, signal())).rejects.toMatchObject({
      code: 'SNAPSHOT_NAME_INVALID',
      status: 400,
    });
  await expect(provider.restore(spec, 'two', signal())).rejects.toMatchObject({
    code: 'SNAPSHOT_UNKNOWN',
    status: 404,
  });
  expect(await namesIn(path)).toEqual(['original', 'later']);
});

test('one snapshot can be removed, the others stay', async () => {
  const { spec } = await started();
  await provider.snapshot(spec, 'one', signal());
  await provider.snapshot(spec, 'two', signal());
  await provider.forget(spec, 'one');
  expect((await provider.snapshots(spec)).map(({ name }) => name)).toEqual(['two']);
  for (const gone of ['one', '../two'])
    await expect(provider.forget(spec, gone)).rejects.toMatchObject({ code: 'SNAPSHOT_UNKNOWN' });
});

test('the number of snapshots is bounded', async () => {
  const { spec } = await started();
  for (let n = 0; n < 20; n += 1) await provider.snapshot(spec, `s${n}`, signal());
  await expect(provider.snapshot(spec, 'more', signal())).rejects.toMatchObject({ code: 'SNAPSHOT_LIMIT' });
  await provider.snapshot(spec, 's3', signal());
});

test('drop and sweep remove snapshots of environments that are gone, and no others', async () => {
  const [one, two] = [await started('one'), await started('two')];
  for (const { spec } of [one, two]) await provider.snapshot(spec, 'kept', signal());
  expect((await provider.usage(one.spec))?.snapshotBytes).toBeGreaterThan(4_000);
  await provider.drop(one.spec);
  await provider.drop(one.spec);
  expect(await provider.snapshots(one.spec)).toEqual([]);
  expect(await provider.usage(one.spec)).toBeNull();
  await provider.sweep(new Set(['two']));
  expect(await provider.snapshots(two.spec)).toHaveLength(1);
  await provider.sweep(new Set());
  expect(await provider.snapshots(two.spec)).toEqual([]);
});

test('a pod that puts a link in its database’s place gets no snapshot of what it leads to (attack 15)', async () => {
  const [thief, victim] = [await started('thief'), await started('victim')];
  await rm(thief.path);
  await symlink(victim.path, thief.path);
  await expect(provider.snapshot(thief.spec, 'x', signal())).rejects.toMatchObject({ status: 409 });
  const directory = join(thief.spec.dataDirectory, 'database');
  await rm(directory, { recursive: true });
  await symlink(join(victim.spec.dataDirectory, 'database'), directory);
  await expect(provider.snapshot(thief.spec, 'x', signal())).rejects.toMatchObject({ status: 409 });
  await rm(directory, { force: true });
  await mkdir(directory);
  await rename(victim.path, `${victim.path}.away`);
  expect(await provider.snapshots(thief.spec)).toEqual([]);
});

test('whenever a reset is killed, the database is the old or the new one, never none', async () => {
  const { spec, path } = await started();
  const seen = new Set<string>();
  for (let step = 1; ; step += 1) {
    await provider.reset(spec, signal());
    await onSqlite(path, `INSERT INTO items VALUES ('mine')`);
    const ended = await resetKilledAt(spec, step);
    const { detail, env } = await new SqliteProvider({ directory: join(base, 'databases') }).provision(
      spec,
      signal(),
    );
    expect(detail).toMatch(/kept from before/);
    seen.add((await namesIn(env(null).DATABASE_PATH ?? '')).join());
    expect(await readdir(spec.dataDirectory)).toEqual(['database']);
    if (ended === 'finished') break;
    expect(step).toBeLessThan(100);
  }
  expect([...seen].sort()).toEqual(['original', 'original,mine']);
}, 60_000);

/** Resets in a process of its own that kills itself before its n-th change of the file system. */
async function resetKilledAt(spec: DatabaseSpec, step: number): Promise<'killed' | 'finished'> {
  const program = `
    import fs from 'node:fs';
    import { syncBuiltinESMExports } from 'node:module';
    let left = ${step};
    for (const name of ['rename', 'rm', 'mkdir', 'copyFile', 'chmod', 'writeFile', 'utimes']) {
      const original = fs.promises[name];
      fs.promises[name] = (...args) => { left -= 1; if (left === 0) process.kill(process.pid, 'SIGKILL'); return original(...args); };
    }
    syncBuiltinESMExports();
    const { SqliteProvider } = await import(${JSON.stringify(join(import.meta.dirname, 'provider.ts'))});
    const spec = ${JSON.stringify(spec)};
    await new SqliteProvider({ directory: ${JSON.stringify(join(base, 'databases'))} }).reset(spec, AbortSignal.timeout(10_000));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'inherit', 'inherit'],
    cwd: join(import.meta.dirname, '../../..'),
  });
  const [code, killedBy] = await once(child, 'exit');
  if (killedBy === 'SIGKILL') return 'killed';
  expect(code).toBe(0);
  return 'finished';
}

test('a kill before the first database was complete leaves none, and the next start makes it', async () => {
  const { spec } = await started();
  await rename(join(spec.dataDirectory, 'database'), join(spec.dataDirectory, 'database.partial'));
  expect((await provider.provision(spec, signal())).detail).toMatch(/cloned from the template/);
  expect(await lstat(join(spec.dataDirectory, 'database.partial')).catch(() => null)).toBeNull();
});
