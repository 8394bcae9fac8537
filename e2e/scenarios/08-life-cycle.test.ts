import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventListSchema } from '#shared/api/environment.ts';
import { CONFIG_PATH } from '#shared/config/environment-config.ts';
import { type Companion, startCompanion } from '../companion.ts';
import { httpCall } from '../http.ts';
import { Lifetime } from '../lifetime.ts';
import { makeProject, PLAIN_PROJECT } from '../project.ts';
import { waitUntil } from '../wait-until.ts';

const lifetime = new Lifetime();
let companion: Companion;
let directory: string;

beforeAll(async () => {
  directory = lifetime.own(await mkdtemp(join(tmpdir(), 'vitrine-life-')), (path) =>
    rm(path, { recursive: true, force: true, maxRetries: 5 }),
  );
  companion = lifetime.own(await startCompanion(), (started) => started.stop());
});
afterAll(() => lifetime.end());

async function start(name: string, config: string): Promise<string> {
  const files = { ...PLAIN_PROJECT, [CONFIG_PATH]: `isolation:\n  backend:\n${config}` };
  const worktree = await makeProject(join(directory, name), files);
  const { environmentId } = await companion.create({ taskId: name, agentId: 'test', worktree });
  await companion.running(environmentId);
  return environmentId;
}

const statusOf = async (id: string) => (await companion.environment(id)).status;

const NAVIGATION = { accept: 'text/html', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };

const ask = (id: string, path = '/api/ping', headers: Record<string, string> = {}) =>
  httpCall({
    port: companion.port,
    path,
    host: `${id}.localhost:${companion.port}`,
    headers: { authorization: `Bearer ${companion.token}`, ...headers },
  });

async function eventsOf(id: string): Promise<string[]> {
  const response = await companion.fetch(`/api/environments/${id}/events`);
  return eventListSchema.parse(await response.json()).events.map(({ type }) => type);
}

test('one environment more than may run suspends the least recently used, and a request brings that one back', async () => {
  const config = '    max_instances: 2\n';
  const oldest = await start('oldest', config);
  const middle = await start('middle', config);
  expect((await ask(oldest)).body).toBe('pong'); // now the middle one is the least recently used
  const newest = await start('newest', config);
  await waitUntil(async () => (await statusOf(middle)) === 'suspended', { what: 'the middle one to pause' });
  expect(await statusOf(oldest)).toBe('running');

  expect((await ask(middle)).body).toBe('pong');
  expect(await statusOf(middle)).toBe('running');
  expect([await statusOf(oldest), await statusOf(newest)].toSorted()).toEqual(['running', 'suspended']);
  expect(await eventsOf(middle)).toEqual([
    'initializing',
    'service_running',
    'running',
    'suspended',
    'running',
  ]);
  for (const id of [oldest, middle, newest]) await companion.terminate(id);
});

test('an environment nobody uses ends after its timeout, and leaves nothing', async () => {
  const id = await start('idle', '    instance_timeout: 2s\n');
  await waitUntil(async () => (await companion.environments()).every((each) => each.id !== id), {
    what: 'the idle environment to end',
  });
  await companion.hasNothingLeft();
});

test('an event stream that stays open is use, however quiet', async () => {
  const id = await start('streaming', '    instance_timeout: 2s\n');
  const leave = new AbortController();
  const response = await companion.fetch(`/api/environments/${id}/console`);
  expect(response.status).toBe(200);
  const other = await start('other', '    instance_timeout: 2s\n');
  await waitUntil(async () => (await companion.environments()).every((each) => each.id !== other), {
    what: 'the environment that nobody watches to end',
  });
  expect(await statusOf(id)).toBe('running');
  await response.body?.cancel();
  leave.abort();
  await companion.terminate(id);
});

test('while a preview is started anew its pages wait for the new one, and nothing is told to be missing', async () => {
  const id = await start('anew', '    max_instances: 10\n');
  const answers = { page: new Set<number | undefined>(), api: new Set<number | undefined>() };
  for (let round = 0; round < 5; round += 1) {
    let isOver = false;
    const restarted = companion.restartEnvironment(id).finally(() => {
      isOver = true;
    });
    while (!isOver) {
      answers.page.add((await ask(id, '/', NAVIGATION)).status);
      answers.api.add((await ask(id)).status);
    }
    await restarted;
  }
  expect([...answers.page]).toEqual([200]);
  // 503 for what the former backend had been asked and not answered.
  expect([...answers.api].filter((status) => status !== 503)).toEqual([200]);
  await companion.terminate(id);
});

test('an environment whose termination was cut short by a crash is gone after the restart', async () => {
  const id = await start('cut-short', '    max_instances: 10\n');
  const deleting = companion.fetch(`/api/environments/${id}`, { method: 'DELETE' }).catch(() => undefined);
  await waitUntil(async () => (await companion.environments()).length === 0, {
    what: 'it to be off the list',
  });
  await companion.kill();
  await deleting;
  await companion.restart();
  await companion.hasNothingLeft();
  expect(await companion.environments()).toEqual([]);
  expect(await readdir(join(companion.home, 'environments'))).toEqual([]);
});
