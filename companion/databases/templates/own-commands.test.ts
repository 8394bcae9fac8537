import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { DatabaseSpec } from '../database.ts';
import { SqliteProvider } from '../sqlite/provider.ts';
import { makeSpec, onSqlite, temporaryDirectory } from '../testing/sqlite-fixture.ts';
import { findMigration } from './hint.ts';
import { ownCommands } from './own-commands.ts';

async function makeProject(files: Record<string, string>, more: Partial<DatabaseSpec> = {}) {
  const base = await temporaryDirectory('own-commands');
  const spec = await makeSpec({ environmentId: 'e', ...more }, base);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(spec.worktree, path)), { recursive: true });
    await writeFile(join(spec.worktree, path), text);
  }
  return { spec, provider: new SqliteProvider({ directory: join(base, 'sqlite') }) };
}
const signal = () => AbortSignal.timeout(10_000);
const scripts = (scripts: Record<string, string>) => ({ 'package.json': JSON.stringify({ scripts }) });
const KNEX = { 'knexfile.js': '', 'seeds/a.js': '' };

test.each([
  [KNEX, 'knex migrate:latest', 'knex seed:run'],
  [{ ...KNEX, ...scripts({ migrate: 'knex migrate:latest' }) }, 'npm run migrate', 'knex seed:run'],
  [scripts({ 'db:migrate': 'x', 'db:seed': 'y' }), 'npm run db:migrate', 'npm run db:seed'],
  [{ 'prisma/schema.prisma': '' }, 'prisma db push', undefined],
  [
    {
      'prisma/migrations/1/migration.sql': '',
      'prisma/schema.prisma': '',
      ...scripts({ migrate: 'prisma migrate dev' }),
    },
    'prisma migrate deploy',
    undefined,
  ],
])('what fills a database is what the project has for it: %o', async (files, migrate, seed) => {
  const { spec } = await makeProject(files);
  expect(await findMigration(spec)).toMatchObject({ migrate, ...(seed !== undefined && { seed }) });
});

test('a command leads from where commands run to the package that has it', async () => {
  const { spec } = await makeProject({ 'packages/db/drizzle.config.ts': '', 'apps/api/package.json': '{}' });
  const commandDirectory = join(spec.worktree, 'apps/api');
  expect((await findMigration({ ...spec, commandDirectory }))?.migrate).toBe(
    'cd ../../packages/db && drizzle-kit migrate',
  );
});

test('they run where nothing else can be reached, and nothing is configured', async () => {
  const { spec } = await makeProject(KNEX);
  expect(await ownCommands(spec)).toBeNull();
  expect(await ownCommands({ ...spec, mayRunOwnCommands: async () => false })).toBeNull();
  const mayRun = { ...spec, mayRunOwnCommands: async () => true };
  expect((await ownCommands(mayRun))?.template).toMatchObject({ migrate: 'knex migrate:latest' });
  expect(await ownCommands({ ...mayRun, template: { seed: 'x' } })).toBeNull();
});

test('an SQLite database is what they make, also where an empty file lies; where they fail it is empty, and the detail says so', async () => {
  const ran: string[] = [];
  const { spec, provider } = await makeProject(
    { ...KNEX, 'dev.sqlite': '' },
    {
      mayRunOwnCommands: async () => true,
      runCommand: async (command, env) => {
        ran.push(command);
        await onSqlite(env(null).DATABASE_PATH ?? '', 'CREATE TABLE IF NOT EXISTS items (name)');
      },
    },
  );
  const failing = async () => Promise.reject(new Error('no such table'));
  const broken = await provider.provision({ ...spec, environmentId: 'b', runCommand: failing }, signal());
  expect(broken.detail).toContain('knex migrate:latest, then knex seed:run failed, see the console');
  await provider.drop(spec);
  const made = await provider.provision(spec, signal());
  expect(ran).toEqual(['knex migrate:latest', 'knex seed:run']);
  expect(made.detail).toBe('cloned from a template just made by knex migrate:latest, then knex seed:run');
});
