import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { metricsSchema } from '#shared/api/metrics.ts';
import { type Companion, startCompanion } from '../companion.ts';
import { Lifetime } from '../lifetime.ts';
import { makeProject } from '../project.ts';

const lifetime = new Lifetime();
let companion: Companion;
let id: string;

beforeAll(async () => {
  const directory = lifetime.own(await mkdtemp(join(tmpdir(), 'vitrine-metrics-')), (path) =>
    rm(path, { recursive: true, force: true, maxRetries: 5 }),
  );
  companion = lifetime.own(await startCompanion(), (started) => started.stop());
  const worktree = await makeProject(directory, { 'index.html': '<!doctype html><h1>Plain</h1>' });
  ({ environmentId: id } = await companion.create({ taskId: 'metrics', agentId: 'test', worktree }));
  await companion.running(id);
});
afterAll(() => lifetime.end());

test('GET /metrics tells Prometheus, and nobody without the token', async () => {
  const answer = await companion.fetch('/metrics');
  expect(answer.headers.get('content-type')).toContain('text/plain; version=0.0.4');
  const text = await answer.text();
  expect(text).toContain('vitrine_environments{status="running"} 1\n');
  expect(text).toContain('vitrine_environment_start_seconds_count 1\n');
  expect(text).toContain(`vitrine_environment_memory_bytes{environment="${id}"}`);
  expect((await companion.fetch('/metrics', { headers: { authorization: '' } })).status).toBe(401);
  const foreign = await companion.fetch('/metrics', { headers: { origin: 'https://evil.example' } });
  expect(foreign.status).toBe(403);
});

test('what a person says of a preview is the source of userSatisfaction, and outlives the companion', async () => {
  const metrics = async () => metricsSchema.parse(await (await companion.fetch('/api/metrics')).json());
  const say = (useful: unknown) =>
    companion.fetch(`/api/environments/${id}/feedback`, { method: 'POST', body: { useful } });
  expect((await metrics()).userSatisfaction).toBeNull();
  expect((await say('yes')).status).toBe(400);
  expect(await (await say(false)).json()).toMatchObject({ id, useful: false });
  expect((await metrics()).userSatisfaction).toBe(0);
  await say(true);
  await companion.kill();
  await companion.restart();
  expect(await metrics()).toMatchObject({ userSatisfaction: 1, totalEnvironments: 1 });
  expect((await metrics()).userInteractions).toBeGreaterThanOrEqual(2);
  expect(await (await say(null)).json()).not.toHaveProperty('useful');
  expect((await metrics()).userSatisfaction).toBeNull();
});
