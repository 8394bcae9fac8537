import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ServiceState } from '#shared/api/environment.ts';
import { environmentConfigSchema } from '#shared/config/environment-config.ts';
import type { ServicePlan } from '../../detection/service-plan.ts';
import { ProcessRuntime } from '../../runtimes/process/runtime.ts';
import type { Pod } from '../../runtimes/runtime.ts';
import { PauseGate } from './pause-gate.ts';
import { ServiceReplica } from './service-replica.ts';

let base: string;
let pod: Pod;
let service: ServiceReplica | undefined;
let gate: PauseGate;
let idle: boolean;
let states: ServiceState[];
const never = new AbortController().signal;

beforeAll(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'vitrine-service-')));
  for (const name of ['tree', 'data', 'run', 'state']) await mkdir(join(base, name));
  pod = await new ProcessRuntime({ stateDirectory: join(base, 'state') }).createPod(
    {
      environmentId: 'test',
      secret: 's'.repeat(43),
      worktree: join(base, 'tree'),
      dataDirectory: join(base, 'data'),
      runDirectory: join(base, 'run'),
      mounts: [],
      limits: environmentConfigSchema.parse({}).isolation.backend.resource_limits,
    },
    never,
  );
});
afterAll(async () => {
  await pod.destroy();
  await rm(base, { recursive: true, force: true });
});
beforeEach(() => {
  states = [];
  gate = new PauseGate();
  idle = false;
});
afterEach(() => service?.close());

const limits = environmentConfigSchema.parse({}).isolation.backend.resource_limits;

function create(script: string, change: Partial<ServicePlan> = {}): ServiceReplica {
  const plan: ServicePlan = {
    name: 'backend',
    command: ['node', '-e', script],
    cwd: join(base, 'tree'),
    port: 3000,
    env: {},
    health: { interval: '10s', timeout: '20s' },
    replicas: 1,
    paths: [],
    reason: 'test',
    ...change,
  };
  service = new ServiceReplica({
    plan,
    command: plan.command,
    port: plan.port ?? 28_100,
    pod,
    env: () => plan.env,
    limits,
    gate,
    isIdle: () => idle,
    limitOf: () => undefined,
    handlers: { onLine: () => undefined, onState: (state) => states.push(state) },
  });
  service.start();
  return service;
}
const LISTEN =
  "require('http').createServer((q, r) => r.end('ok')).listen(process.env.PORT, process.env.HOST)";

test('a backend that listens is running', async () => {
  expect(await create(LISTEN).settled(never)).toMatchObject({ status: 'running', restarts: 0 });
});

test('a backend that exits at once is tried again, then given up with its last lines', async () => {
  const state = await create("console.error('no such table'); process.exit(3)").settled(never);
  expect(state).toMatchObject({ status: 'failed', restarts: 3, failure: { code: 'BACKEND_EXITED' } });
  expect(state.failure?.message).toMatch(/exited with code 3.*no such table/);
});

test('of an error with a long trace, its message is what is told', async () => {
  const script = "function deep(n) { if (n) return deep(n - 1); throw new Error('no driver'); } deep(20)";
  const { failure } = await create(script).settled(never);
  expect(failure?.message).toContain('Error: no driver');
});

test('a backend that never listens is given up after its time, and ended', async () => {
  const state = await create("console.log('waiting for redis'); setInterval(() => {}, 1000)", {
    health: { interval: '10s', timeout: '1s' },
  }).settled(never);
  expect(state.failure).toMatchObject({ code: 'BACKEND_NOT_LISTENING' });
  expect(state.failure?.message).toContain('waiting for redis');
});

test('one that was given up comes back when its files change', async () => {
  const file = join(base, 'tree/server.cjs');
  await writeFile(file, 'process.exit(1)');
  const starting = create('', { command: 'node server.cjs' });
  expect((await starting.settled(never)).status).toBe('failed');
  await writeFile(file, LISTEN);
  starting.restart();
  await expect.poll(() => states.at(-1)?.status, { timeout: 10_000 }).toBe('running');
  expect(states.at(-1)?.failure).toBeUndefined();
});

test('a health path that answers 500 is not ready yet', async () => {
  const script = `let n = 0; require('http').createServer((q, r) => { r.statusCode = n++ < 3 ? 503 : 200; r.end() }).listen(process.env.PORT, process.env.HOST)`;
  const state = await create(script, { health: { interval: '10s', timeout: '20s', path: '/up' } }).settled(
    never,
  );
  expect(state.status).toBe('running');
});

test('a service that prints another port than its own is found there', async () => {
  const replica = create(
    "require('http').createServer((q, r) => r.end('ok')).listen(8123, () => console.log('Server listening on port 8123'))",
  );
  expect(await replica.settled(never)).toMatchObject({ status: 'running' });
  expect(replica.port).toBe(8123);
});
