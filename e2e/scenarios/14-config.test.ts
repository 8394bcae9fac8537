import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { configDraftSchema } from '#shared/api/config.ts';
import { type Companion, startCompanion } from '../companion.ts';
import { Lifetime } from '../lifetime.ts';
import { makeProject } from '../project.ts';

const CONFIG = '# ours\nisolation:\n  backend:\n    egress:   none   # for now\n';
const lifetime = new Lifetime();
let companion: Companion;
let worktree: string;
let id: string;

beforeAll(async () => {
  const directory = lifetime.own(await mkdtemp(join(tmpdir(), 'vitrine-settings-')), (path) =>
    rm(path, { recursive: true, force: true, maxRetries: 5 }),
  );
  // No Docker, whatever this machine has.
  const env = { DOCKER_HOST: 'tcp://127.0.0.1:1' };
  companion = lifetime.own(await startCompanion({ env }), (started) => started.stop());
  worktree = await makeProject(directory, {
    'index.html': '<!doctype html><h1>Plain</h1>',
    '.vibe-kanban/environment.yaml': CONFIG,
  });
  ({ environmentId: id } = await companion.create({ taskId: 'config', agentId: 'test', worktree }));
  await companion.running(id);
});
afterAll(() => lifetime.end());

const onDisk = () => readFile(join(worktree, '.vibe-kanban/environment.yaml'), 'utf8');

test('environment.yaml is shown before it is written, written as shown, and holds from then on', async () => {
  const path = `/api/environments/${id}/config`;
  const edits = { 'isolation.backend.egress': 'allowlist', 'isolation.backend.allow': ['api.example.org'] };
  const draft = configDraftSchema.parse(
    await (await companion.fetch(`${path}/draft`, { method: 'POST', body: { edits } })).json(),
  );
  expect(draft.after).toBe(`${CONFIG.replace('none', 'allowlist')}    allow:\n      - api.example.org\n`);
  expect(await onDisk()).toBe(CONFIG);

  const stale = await companion.fetch(path, { method: 'PUT', body: { edits, version: null } });
  expect(stale.status).toBe(409);
  const outside = { edits: { 'isolation.backend.command': 'rm -rf /' }, version: draft.version };
  expect((await companion.fetch(path, { method: 'PUT', body: outside })).status).toBe(400);
  expect(await onDisk()).toBe(CONFIG);

  const written = await companion.fetch(path, { method: 'PUT', body: { edits, version: draft.version } });
  expect(written.status).toBe(200);
  expect(await onDisk()).toBe(draft.after);
  expect((await companion.environment(id)).egress).toEqual({
    policy: 'allowlist',
    allowed: ['api.example.org'],
  });
});

test('what somebody wrote into environment.yaml by hand holds from a restart on, unless it is no configuration', async () => {
  const before = await onDisk();
  const restart = () => companion.fetch(`/api/environments/${id}/restart`, { method: 'POST' });
  const file = join(worktree, '.vibe-kanban/environment.yaml');
  await writeFile(file, 'isolation:\n  backend:\n    egress: everything\n');
  expect(await (await restart()).text()).toMatch(/CONFIG_INVALID.*line 3/);
  expect((await companion.environment(id)).status).toBe('running');
  await writeFile(file, 'isolation:\n  backend:\n    egress: open\n');
  expect((await restart()).ok).toBe(true);
  expect((await companion.running(id)).egress.policy).toBe('open');
  await writeFile(file, before);
});

test('another runtime holds from a restart on; where it is not to be had, everything goes on as it was', async () => {
  const path = `/api/environments/${id}/config`;
  const write = async (edits: Record<string, string>) => {
    const response = await companion.fetch(`${path}/draft`, { method: 'POST', body: { edits } });
    const { version } = configDraftSchema.parse(await response.json());
    expect((await companion.fetch(path, { method: 'PUT', body: { edits, version } })).status).toBe(200);
  };
  const restart = () => companion.fetch(`/api/environments/${id}/restart`, { method: 'POST' });

  await write({ 'isolation.backend.runtime': 'docker' });
  const refused = await restart();
  expect(refused.status).toBeGreaterThanOrEqual(400);
  expect(await refused.text()).toMatch(/Docker/);
  expect(await companion.environment(id)).toMatchObject({ status: 'running', runtime: 'process' });

  await write({ 'isolation.backend.runtime': 'process' });
  expect((await restart()).ok).toBe(true);
  expect(await companion.running(id)).toMatchObject({ runtime: 'process' });

  await write({ 'isolation.provider': 'devserver' });
  expect((await restart()).ok).toBe(true);
  expect((await companion.settled(id)).provider).toBe('devserver');
});
