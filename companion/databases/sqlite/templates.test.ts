import { lstat, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { VitrineError } from '#shared/errors.ts';
import type { DatabaseSpec } from '../database.ts';
import { makeSpec, onSqlite, rowsOf, temporaryDirectory } from '../testing/sqlite-fixture.ts';
import { SqliteProvider } from './provider.ts';

let base: string;
let provider: SqliteProvider;
const signal = () => AbortSignal.timeout(10_000);

beforeEach(async () => {
  base = await temporaryDirectory('sqlite-templates');
  provider = new SqliteProvider({ directory: join(base, 'databases') });
});

/** An environment whose migrate makes a table and whose seed adds a row to it; `ran` counts the commands. */
async function commandSpec(id: string, overrides: Partial<DatabaseSpec> = {}) {
  const ran: string[] = [];
  const spec = await makeSpec(
    {
      environmentId: id,
      template: { migrate: 'make', seed: 'fill' },
      async runCommand(command, env) {
        ran.push(command);
        const path = env(null).DATABASE_PATH ?? '';
        if (command === 'make') await onSqlite(path, 'CREATE TABLE items (name)');
        else await onSqlite(path, `INSERT INTO items VALUES ('seeded')`);
      },
      ...overrides,
    },
    base,
  );
  return { spec, ran };
}

const itemsOf = async (spec: DatabaseSpec) => {
  const { env } = await provider.provision(spec, signal());
  return rowsOf(env(null).DATABASE_PATH ?? '', 'SELECT name FROM items');
};

test('migrate and seed make the template once; the next environment is cloned from it', async () => {
  const first = await commandSpec('one');
  expect((await provider.provision(first.spec, signal())).detail).toBe(
    'cloned from a template just made by make, then fill',
  );
  expect(await itemsOf(first.spec)).toEqual([{ name: 'seeded' }]);
  expect(await readdir(first.spec.dataDirectory)).toEqual(['database']);
  const second = await commandSpec('two');
  expect((await provider.provision(second.spec, signal())).detail).toBe(
    'cloned from the template made by make, then fill',
  );
  expect(await itemsOf(second.spec)).toEqual([{ name: 'seeded' }]);
  expect(second.ran).toEqual([]);
});

test('an attempt that adds a migration gets a template of its own, an edit elsewhere does not', async () => {
  const first = await commandSpec('one');
  await provider.provision(first.spec, signal());
  const edited = await commandSpec('edited');
  await mkdir(join(edited.spec.worktree, 'src'));
  await writeFile(join(edited.spec.worktree, 'src/page.tsx'), 'changed');
  await mkdir(join(edited.spec.worktree, 'prisma'));
  await writeFile(join(edited.spec.worktree, 'prisma/dev.db'), 'a database, not an input');
  await provider.provision(edited.spec, signal());
  expect(edited.ran).toEqual([]);
  const migrated = await commandSpec('migrated');
  await mkdir(join(migrated.spec.worktree, 'apps/api/migrations'), { recursive: true });
  await writeFile(join(migrated.spec.worktree, 'apps/api/migrations/2.sql'), 'ALTER TABLE …');
  await provider.provision(migrated.spec, signal());
  expect(migrated.ran).toEqual(['make', 'fill']);
});

test('template.files names what counts instead, and nothing outside of the worktree', async () => {
  const template = { migrate: 'make', files: ['schema'] };
  const first = await commandSpec('one', { template });
  await provider.provision(first.spec, signal());
  const second = await commandSpec('two', { template });
  await mkdir(join(second.spec.worktree, 'migrations'));
  await writeFile(join(second.spec.worktree, 'migrations/2.sql'), 'does not count');
  await provider.provision(second.spec, signal());
  expect(second.ran).toEqual([]);
  const third = await commandSpec('three', { template });
  await writeFile(join(third.spec.worktree, 'schema'), 'counts');
  await provider.provision(third.spec, signal());
  expect(third.ran).toEqual(['make']);
  const outside = await commandSpec('outside', { template: { migrate: 'make', files: ['../main'] } });
  await expect(provider.provision(outside.spec, signal())).rejects.toMatchObject({
    code: 'DATABASE_TEMPLATE_INVALID',
  });
});

test('five environments that start at once build the template once', async () => {
  const all = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((id) => commandSpec(id)));
  await Promise.all(all.map(({ spec }) => provider.provision(spec, signal())));
  expect(all.flatMap(({ ran }) => ran)).toEqual(['make', 'fill']);
  for (const { spec } of all) expect(await itemsOf(spec)).toHaveLength(1);
});

test('an aborted builder hands over to one that waits, and leaves nothing', async () => {
  const abort = new AbortController();
  const started = Promise.withResolvers<void>();
  const stuck = await commandSpec('stuck', {
    runCommand: (_command, _env, stop) =>
      new Promise((_resolve, reject) => {
        stop.addEventListener('abort', () => reject(stop.reason));
        started.resolve();
      }),
  });
  const building = provider.provision(stuck.spec, abort.signal);
  await started.promise;
  const next = await commandSpec('next');
  const waiting = provider.provision(next.spec, signal());
  abort.abort(new Error('stopped'));
  await expect(building).rejects.toThrow('stopped');
  await waiting;
  expect(next.ran).toEqual(['make', 'fill']);
  expect(await readdir(stuck.spec.dataDirectory)).toEqual([]);
});

test('a failed build tells all that wait its last lines, and the next start tries again', async () => {
  const failing = {
    runCommand: async () => {
      throw new VitrineError({ code: 'COMMAND_FAILED', message: 'relation exists', remedy: '', status: 422 });
    },
  };
  const broken = await Promise.all(['a', 'b'].map((id) => commandSpec(id, failing)));
  const results = await Promise.allSettled(broken.map(({ spec }) => provider.provision(spec, signal())));
  for (const result of results) {
    expect(result).toMatchObject({ status: 'rejected', reason: { code: 'DATABASE_TEMPLATE_FAILED' } });
    expect(String((result as PromiseRejectedResult).reason)).toMatch(/migrate \(make\).*relation exists/);
  }
  const good = await commandSpec('c');
  await provider.provision(good.spec, signal());
  expect(good.ran).toEqual(['make', 'fill']);
});

test('a dump is there before the commands run', async () => {
  const { spec } = await commandSpec('one', { template: { dump: 'base.sql', seed: 'fill' } });
  await writeFile(
    join(spec.worktree, 'base.sql'),
    `CREATE TABLE items (name); INSERT INTO items VALUES ('base');`,
  );
  expect(await itemsOf(spec)).toEqual([{ name: 'base' }, { name: 'seeded' }]);
});

test('commands that put a link in the template’s place get nothing of what it leads to (attack 15)', async () => {
  const secret = join(base, 'secret.sqlite');
  await onSqlite(secret, 'CREATE TABLE items (name)');
  const { spec } = await commandSpec('one', {
    async runCommand(_command, env) {
      const path = env(null).DATABASE_PATH ?? '';
      const { rm } = await import('node:fs/promises');
      await rm(path);
      await symlink(secret, path);
    },
  });
  await expect(provider.provision(spec, signal())).rejects.toMatchObject({ code: 'DATABASE_PATH_INVALID' });
  expect(await lstat(join(spec.dataDirectory, 'database')).catch(() => null)).toBeNull();
});

test('the least recently used templates go', async () => {
  for (let n = 0; n < 23; n += 1) {
    const { spec } = await commandSpec(`e${n}`, { template: { migrate: 'make', files: ['n'] } });
    await writeFile(join(spec.worktree, 'n'), String(n));
    await provider.provision(spec, signal());
  }
  expect(await readdir(join(base, 'databases/templates'))).toHaveLength(20);
});
