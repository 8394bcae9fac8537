import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { snapshotListSchema } from '#shared/api/database.ts';
import { CONFIG_PATH } from '#shared/config/environment-config.ts';
import { git } from '../../companion/demo/git.ts';
import { type Companion, startCompanion } from '../companion.ts';
import { httpCall } from '../http.ts';
import { Lifetime } from '../lifetime.ts';
import { makeProject, writeFiles } from '../project.ts';
import { waitUntil } from '../wait-until.ts';

const SERVER = `
import http from 'node:http';
import pg from 'pg';
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
http.createServer(async (request, response) => {
  try {
    if (request.method === 'PUT')
      await pool.query('CREATE TABLE big AS SELECT md5(i::text) AS a, md5((i + 1)::text) AS b FROM generate_series(1, 900000) AS i');
    if (request.method === 'POST') await pool.query("INSERT INTO notes (text) VALUES ('mine')");
    const { rows } = await pool.query('SELECT text FROM notes ORDER BY id');
    response.end(JSON.stringify(rows.map((row) => row.text)));
  } catch (error) {
    response.writeHead(500).end(String(error));
  }
}).listen(process.env.PORT, process.env.HOST);
`;
const command = (sql: string) => `
import pg from 'pg';
const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
await client.connect();
await client.query(\`${sql}\`);
await client.end();
`;
const PROJECT = {
  'package.json': JSON.stringify({
    type: 'module',
    scripts: { server: 'node server.js' },
    dependencies: { pg: '*' },
  }),
  'server.js': SERVER,
  'migrations/create.mjs': command('CREATE TABLE notes (id serial PRIMARY KEY, text text)'),
  'migrations/fill.mjs': command("INSERT INTO notes (text) VALUES ('seeded')"),
  '.gitignore': 'node_modules\n',
  [CONFIG_PATH]: `isolation:
  backend:
    resource_limits: { disk_mb: 64 }
    database:
      engine: postgres
      template: { migrate: node migrations/create.mjs, seed: node migrations/fill.mjs }
`,
};

const lifetime = new Lifetime();
let companion: Companion;
let red: string;
let blue: string;

beforeAll(async () => {
  const directory = lifetime.own(await mkdtemp(join(tmpdir(), 'vitrine-postgres-')), (path) =>
    rm(path, { recursive: true, force: true, maxRetries: 5 }),
  );
  const repository = await makeProject(join(directory, 'main'), PROJECT);
  await installClient(repository);
  companion = lifetime.own(await startCompanion(), (started) => started.stop());
  [red, blue] = (await Promise.all(
    ['red', 'blue'].map(async (name) => {
      const worktree = join(directory, name);
      await git(repository, ['worktree', 'add', '--quiet', '-b', name, worktree]);
      const { environmentId } = await companion.create({ taskId: name, agentId: 'test', worktree });
      await companion.running(environmentId);
      return environmentId;
    }),
  )) as [string, string];
}, 120_000);
afterAll(() => lifetime.end());

/** The client and what it needs, as an installation in the main checkout. */
async function installClient(repository: string): Promise<void> {
  const modules = dirname(dirname(createRequire(import.meta.url).resolve('pg/package.json')));
  const needed = (await readdir(modules)).filter((name) =>
    /^(pg|pg-.*|pgpass|postgres-.*|split2|xtend)$/.test(name),
  );
  for (const name of needed) {
    await cp(join(modules, name), join(repository, 'node_modules', name), { recursive: true });
  }
  await writeFiles(repository, { 'node_modules/.package-lock.json': '{}' });
}

async function notes(id: string, method: 'GET' | 'POST' | 'PUT' = 'GET'): Promise<unknown> {
  const { body } = await httpCall({
    port: companion.port,
    path: '/api/notes',
    method,
    host: `${id}.localhost:${companion.port}`,
    headers: { authorization: `Bearer ${companion.token}` },
  });
  return JSON.parse(body);
}

async function database(id: string, action: string, body?: unknown): Promise<void> {
  const response = await companion.fetch(`/api/environments/${id}/database/${action}`, {
    method: 'POST',
    body,
  });
  expect(response.status, await response.text()).toBe(204);
}

test('each attempt has a PostgreSQL database of its own, made once by the project’s commands', async () => {
  expect(await notes(red)).toEqual(['seeded']);
  expect(await notes(red, 'POST')).toEqual(['seeded', 'mine']);
  expect(await notes(blue)).toEqual(['seeded']);
});

test('a snapshot brings data back, and a reset brings the template back', async () => {
  await database(red, 'snapshots', { name: 'before' });
  expect(await notes(red, 'POST')).toEqual(['seeded', 'mine', 'mine']);
  await database(red, 'restore', { name: 'before' });
  expect(await notes(red)).toEqual(['seeded', 'mine']);
  await database(red, 'reset');
  expect(await notes(red)).toEqual(['seeded']);
  const list = await companion.fetch(`/api/environments/${red}/database/snapshots`);
  expect(snapshotListSchema.parse(await list.json()).snapshots).toMatchObject([{ name: 'before' }]);
  expect(await notes(blue)).toEqual(['seeded']);
});

test('data outlives a kill of the companion', async () => {
  await notes(blue, 'POST');
  await companion.kill();
  await companion.restart();
  await companion.running(blue);
  expect(await notes(blue)).toEqual(['seeded', 'mine']);
});

test('a database that outgrows the disk limit ends its preview with the reason, and a reset makes room', async () => {
  await notes(red, 'PUT');
  const { failure } = await waitUntil(
    async () => {
      const environment = await companion.environment(red);
      return environment.status === 'failed' && environment;
    },
    { what: 'the preview to end', deadlineMs: 40_000 },
  );
  expect(failure).toMatchObject({ code: 'DATABASE_TOO_LARGE', remedy: expect.stringContaining('db reset') });
  expect(await notes(blue)).toEqual(['seeded', 'mine']);
  await database(red, 'reset');
  await companion.restartEnvironment(red);
  await companion.running(red);
  expect(await notes(red)).toEqual(['seeded']);
});
