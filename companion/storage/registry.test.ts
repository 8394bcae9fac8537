import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { environmentConfigSchema } from '#shared/config/environment-config.ts';
import type { EnvironmentRecord } from './environment-record.ts';
import { Registry } from './registry.ts';
import { Sqlite } from './sqlite.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'vitrine-registry-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const record: EnvironmentRecord = {
  id: 'red-1a2b3c',
  taskId: 'task-1',
  agentId: 'codex',
  title: "Robert'); DROP TABLE environments;--",
  worktree: '/w',
  mainCheckout: '/m',
  branch: 'attempt/red',
  status: 'running',
  provider: 'sandpack',
  providerReason: 'default',
  runtime: 'process',
  database: 'sqlite',
  allowedHosts: [],
  secret: 's'.repeat(43),
  cookie: 'c'.repeat(43),
  config: environmentConfigSchema.parse({}),
  createdAt: 1,
  lastUsedAt: 2,
};
const never = (cause: unknown) => {
  throw cause;
};

test('an environment survives closing and opening the registry', async () => {
  const path = join(directory, 'vitrine.sqlite');
  const first = await Registry.open(path);
  await first.saveEnvironment({ ...record, status: 'initializing' });
  await first.saveEnvironment(record);
  await first.close();
  const second = await Registry.open(path);
  expect(await second.environments(never)).toEqual([record]);
  await second.close();
});

test('a row that cannot be read is reported and does not hide the others', async () => {
  const path = join(directory, 'vitrine.sqlite');
  const registry = await Registry.open(path);
  await registry.saveEnvironment(record);
  const sqlite = await Sqlite.open(path);
  await sqlite.run("INSERT INTO environments VALUES ('broken', '{', 0)");
  await sqlite.close();
  const unreadable: unknown[] = [];
  expect(await registry.environments((cause) => unreadable.push(cause))).toEqual([record]);
  expect(unreadable).toHaveLength(1);
  await registry.close();
});

test('adding a source twice keeps one, and removing tells whether it was there', async () => {
  const registry = await Registry.open(join(directory, 'vitrine.sqlite'));
  await registry.addSource('repository', '/repo');
  await registry.addSource('repository', '/repo');
  expect(await registry.sources()).toEqual([{ kind: 'repository', location: '/repo' }]);
  expect(await registry.removeSource('repository', '/repo')).toBe(true);
  expect(await registry.removeSource('repository', '/repo')).toBe(false);
  await registry.close();
});

test('a registry of a newer version is refused and left as it is', async () => {
  const path = join(directory, 'vitrine.sqlite');
  const sqlite = await Sqlite.open(path);
  await sqlite.exec('PRAGMA user_version = 99');
  await expect(Registry.open(path)).rejects.toMatchObject({ code: 'REGISTRY_TOO_NEW' });
  expect(await sqlite.all('PRAGMA user_version')).toEqual([{ user_version: 99 }]);
  await sqlite.close();
});

test('a damaged file is refused by its name, with a remedy, and stays as it is', async () => {
  const path = join(directory, 'vitrine.sqlite');
  await writeFile(path, 'no database any more'.repeat(100));
  await expect(Registry.open(path)).rejects.toMatchObject({
    code: 'STATE_DAMAGED',
    message: expect.stringContaining(path),
    remedy: expect.stringContaining('move it away'),
  });
  expect(await readFile(path, 'utf8')).toMatch(/^no database/);
});
