import { writeFile } from 'node:fs/promises';
import http, { type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { ServiceState } from '#shared/api/environment.ts';
import { PodPorts } from '../../detection/pod-ports.ts';
import type { ServicePlan } from '../../detection/service-plan.ts';
import type { ChosenReplica } from '../../proxy/backend-target.ts';
import { LIMITS, listening, openPod, type PodFixture, plan } from './pod-fixture.ts';
import { ServiceTarget } from './service-target.ts';
import { Services } from './services.ts';

let fixture: PodFixture;
let services: Services | undefined;
let target: ServiceTarget;
let states: ServiceState[];
let lines: string[];
let idle: boolean;
const signal = AbortSignal.timeout(60_000);

beforeAll(async () => {
  fixture = await openPod();
});
afterAll(() => fixture.close());
afterEach(async () => {
  target.close();
  await services?.close();
});

function start(
  plans: Partial<ServicePlan>[],
  { main = 'backend', waitMs = 10_000, maxWaiting = 100 } = {},
): Services {
  states = [];
  lines = [];
  idle = false;
  const full = plans.map((each) => plan(fixture.tree, each));
  services = new Services(
    full.map((each) => ({ plan: each, command: each.command, env: (names) => ({ ...names, ...each.env }) })),
    {
      pod: fixture.pod,
      limits: LIMITS,
      ports: new PodPorts(full.flatMap(({ port }) => port ?? [])),
      isIdle: () => idle,
      limitOf: () => undefined,
      onLine: ({ name }, line) => lines.push(`${name}: ${line}`),
      onState: (state) => states.push(state),
    },
  );
  target = new ServiceTarget({ services, main, pod: fixture.pod, waitMs, maxWaiting });
  services.start();
  return services;
}
const request = (url: string) => ({ url }) as IncomingMessage; // choose() reads nothing else of it
const choose = async (url = '/') => target.choose(request(url));
const shape = () => services?.states.map(({ name, replica, status }) => [name, replica, status]);

async function body(chosen: ChosenReplica): Promise<string> {
  const connection = await chosen.connect(signal);
  return new Promise((resolve, reject) => {
    http
      .get({ path: '/', createConnection: () => connection, agent: undefined }, async (response) => {
        resolve((await response.toArray()).join(''));
        connection.destroy();
      })
      .on('error', reject);
  });
}
const node = (script: string) => ['node', '-e', script];

test('each service starts when the one before is ready, and a worker without a port is running once it lives', async () => {
  const started = `console.log('start ' + Date.now());`;
  start([
    { name: 'slow', port: 4000, command: node(`${started} setTimeout(() => {${listening()}}, 700)`) },
    { name: 'jobs', port: null, command: node(`${started} setInterval(() => {}, 1e6)`) },
    { name: 'backend', port: 3000, command: node(`${started} ${listening()}`) },
  ]);
  expect(shape()?.map(([, , status]) => status)).toEqual(['starting', 'starting', 'starting']);
  await services?.settled(signal);
  expect(shape()).toEqual([
    ['slow', undefined, 'running'],
    ['jobs', undefined, 'running'],
    ['backend', undefined, 'running'],
  ]);
  expect(lines.map((line) => line.split(':')[0])).toEqual(['slow', 'jobs', 'backend']);
  const at = lines.map((line) => Number(line.split(' ').at(-1)));
  expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(650);
});

test('services find each other by the variables of their names', async () => {
  const variables = JSON.stringify(['API_V2_HOST', 'API_V2_PORT', 'API_V2_URL', 'BACKEND_PORT', 'REDIS_URL']);
  start([
    { name: 'redis', port: 6379 },
    { name: 'api-v2', port: 4000 },
    { command: node(`console.log(${variables}.map((n) => process.env[n]).join()); ${listening()}`) },
  ]);
  await services?.settled(signal);
  const { groups } = services ?? { groups: [] };
  const port = groups[1]?.replicas[0]?.port;
  const redis = groups[0]?.replicas[0]?.port;
  expect(lines).toEqual([`backend: 127.0.0.1,${port},http://127.0.0.1:${port},,redis://127.0.0.1:${redis}`]);
});

test('requests go to the service with the longest prefix, and all others to the main one', async () => {
  start([
    { name: 'api', port: 4000, paths: ['/api'] },
    { name: 'jobs', port: 4001, paths: ['/api/jobs', '/queue/'] },
    { paths: ['/api'] },
  ]);
  await services?.settled(signal);
  const urls = [
    '/api',
    '/api/users?x=/api/jobs',
    '/api/jobs',
    '/api/jobs/7',
    '/api/jobsx',
    '/queue/1',
    '/',
    '/apis',
  ];
  const labels = await Promise.all(urls.map(async (url) => (await choose(url)).label));
  expect(labels).toEqual(['api', 'api', 'jobs', 'jobs', 'api', 'jobs', 'backend', 'backend']);
});

test('copies listen on ports of their own, take requests by turns, and the least busy one first', async () => {
  start([{ replicas: 3, command: node(listening('process.env.PORT')) }]);
  await services?.settled(signal);
  expect(shape()?.map(([, replica]) => replica)).toEqual([1, 2, 3]);
  const first = await Promise.all([choose(), choose(), choose()]);
  expect(new Set(first.map(({ key }) => key)).size).toBe(3);
  expect(new Set(await Promise.all(first.map(body))).size).toBe(3);
  expect(first.map(({ label }) => label).sort()).toEqual(['backend 1', 'backend 2', 'backend 3']);
  first[1]?.release();
  first[1]?.release(); // once is enough
  expect((await choose()).label).toBe(first[1]?.label);
});

test('an unhealthy copy gets no requests until it answers again, and a frozen one is not called unhealthy', async () => {
  const flag = join(fixture.tree, 'sick');
  await writeFile(flag, '2');
  const script = `const fs = require('fs'); require('http').createServer((q, r) => {
    const sick = fs.readFileSync(${JSON.stringify(flag)}, 'utf8') === process.env.PORT;
    r.statusCode = q.url === '/up' && sick ? 503 : 200; r.end(process.env.PORT) }).listen(process.env.PORT, process.env.HOST)`;
  start([{ replicas: 2, command: node(script), health: { path: '/up', interval: '100ms', timeout: '20s' } }]);
  await services?.settled(signal);
  const ill = services?.groups[0]?.replicas[1];
  await writeFile(flag, String(ill?.port));
  await expect.poll(() => ill?.state.status, { timeout: 10_000 }).toBe('unhealthy');
  expect(ill?.state.failure?.message).toMatch(/did not answer \/up/);
  const chosen = await Promise.all([choose(), choose(), choose()]);
  expect(new Set(chosen.map(({ label }) => label))).toEqual(new Set(['backend 1']));
  await writeFile(flag, '');
  await expect.poll(() => ill?.state.status, { timeout: 10_000 }).toBe('running');

  services?.suspend();
  await fixture.pod.suspend();
  expect(services?.states.map(({ status }) => status)).toEqual(['suspended', 'suspended']);
  const told = states.length;
  await new Promise((resolve) => setTimeout(resolve, 800)); // several intervals in which nothing may happen
  expect(states.length).toBe(told);
  await fixture.pod.resume();
  services?.resume();
  expect(services?.states.map(({ status }) => status)).toEqual(['running', 'running']);
});

test('the health of an environment nobody uses is not asked until somebody comes', async () => {
  const script = `require('http').createServer((q, r) => { if (q.url === '/up') console.log('asked'); r.end() }).listen(process.env.PORT, process.env.HOST)`;
  start([{ command: node(script), health: { path: '/up', interval: '100ms', timeout: '20s' } }]);
  await services?.settled(signal);
  await expect.poll(() => lines.length).toBeGreaterThan(2);
  idle = true;
  await new Promise((resolve) => setTimeout(resolve, 300)); // the probe that was under way
  const asked = lines.length;
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(lines.length).toBe(asked);
  await choose();
  await expect.poll(() => lines.length).toBe(asked + 1);
});

test('requests wait for a service that starts, and no more than are allowed', async () => {
  start([{ command: node(`setTimeout(() => {${listening()}}, 500)`) }], { maxWaiting: 2 });
  const waiting = [choose(), choose()];
  await expect(choose()).rejects.toMatchObject({ code: 'BACKEND_BUSY', status: 503 });
  expect((await Promise.all(waiting)).map(({ label }) => label)).toEqual(['backend', 'backend']);
});

test('a request that waits ends with its client, after its time, and when the preview stops', async () => {
  start([{ command: node('setInterval(() => {}, 1e6)') }], { waitMs: 300 });
  const left = new AbortController();
  const leaving = target.choose(request('/'), left.signal);
  left.abort(new Error('gone'));
  await expect(leaving).rejects.toThrow('gone');
  await expect(choose()).rejects.toMatchObject({ code: 'BACKEND_NOT_READY', status: 503 });
  const stopped = choose();
  target.close();
  await expect(stopped).rejects.toMatchObject({ code: 'PREVIEW_STOPPED' });
});

test('a service that was given up refuses requests with its reason, for those that wait for it too', async () => {
  const broken = { name: 'redis', port: 6379, command: node("console.error('no redis'); process.exit(1)") };
  start([broken, {}]);
  await services?.settled(signal);
  expect(services?.failure?.message).toMatch(/"redis".*no redis.*3 times/);
  await expect(choose()).rejects.toMatchObject({ code: 'BACKEND_EXITED', status: 502 });
  expect(shape()?.[1]).toEqual(['backend', undefined, 'starting']);
});

test('what waits for a service that was given up starts when that one comes up after all', async () => {
  const file = join(fixture.tree, 'first.cjs');
  await writeFile(file, 'process.exit(1)');
  start([{ name: 'first', port: 4000, command: ['node', file] }, {}]);
  await services?.settled(signal);
  await writeFile(file, listening());
  services?.restart(({ name }) => name === 'first');
  expect((await choose()).label).toBe('backend');
  expect(services?.failure).toBeUndefined();
});

test('a copy that is started anew gets no requests until it listens, and is another one then', async () => {
  start([{}]);
  await services?.settled(signal);
  const before = await choose();
  services?.restart(() => true);
  const after = await choose();
  expect(after.key).not.toBe(before.key);
  expect(await body(after)).toBe('ok');
});

test('while work has the services stopped none of them runs, and all come back', async () => {
  start([{}]);
  await services?.settled(signal);
  const port = (await choose()).port;
  await services?.whileStopped(async () => {
    await new Promise((resolve) => setTimeout(resolve, 600)); // more than a start takes
    await expect(fixture.pod.connect(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
  expect(await body(await choose())).toBe('ok');
});
