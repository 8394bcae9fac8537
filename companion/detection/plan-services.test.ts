import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseConfig } from '../config/read-config.ts';
import { detectProject } from './detect-project.ts';
import { requireImages } from './plan-services.ts';

let worktree: string;
beforeEach(async () => {
  worktree = await realpath(await mkdtemp(join(tmpdir(), 'vitrine-services-')));
});
afterEach(() => rm(worktree, { recursive: true, force: true }));

async function put(files: Record<string, string | object>) {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(worktree, path)), { recursive: true });
    await writeFile(join(worktree, path), typeof content === 'string' ? content : JSON.stringify(content));
  }
}
const detect = (backend: string) =>
  detectProject(worktree, parseConfig(`isolation: { backend: ${backend} }`).isolation);
const server = { 'package.json': { scripts: { server: 'node server.js' } } };

test('services with commands are the whole list, in the order written, and nothing is detected', async () => {
  await put(server);
  const plan = await detect(
    '{ services: { zebra: { command: node z.js, port: 4000 }, api: { command: [node, api.js], port: 4001 }, jobs: { command: node j.js } } }',
  );
  expect(plan.services.map(({ name, port }) => [name, port])).toEqual([
    ['zebra', 4000],
    ['api', 4001],
    ['jobs', null],
  ]);
  expect(plan.main).toBe('api');
  expect(plan.backendPaths).toEqual(['/api']);
});

test('services that are images only run before the detected backend, which stays the main one', async () => {
  await put(server);
  const plan = await detect('{ services: { redis: { image: "redis:7", port: 6379 } } }');
  expect(plan.services).toMatchObject([
    { name: 'redis', command: [], image: { name: 'redis:7' }, port: 6379 },
    { name: 'backend', command: 'node server.js', port: 3000 },
  ]);
  expect(plan.main).toBe('backend');
});

test('a configured command comes after services with commands', async () => {
  const plan = await detect(
    '{ command: node main.js, services: { api: { command: node a.js, port: 4000 } } }',
  );
  expect(plan.services.map(({ name }) => name)).toEqual(['api', 'backend']);
  expect(plan.main).toBe('backend');
});

test('a service called backend is the main one wherever it stands, with the default port', async () => {
  await put(server);
  const plan = await detect(
    '{ services: { backend: { command: node b.js }, admin: { command: node a.js, port: 4000, paths: [/admin] } } }',
  );
  expect(plan.main).toBe('backend');
  expect(plan.services).toMatchObject([
    { port: 3000, paths: ['/api'] },
    { port: 4000, paths: ['/admin'] },
  ]);
  expect(plan.backendPaths).toEqual(['/api', '/admin']);
});

test('a ready-made image that listens is not the main service while one with a command listens too', async () => {
  const plan = await detect(
    '{ services: { api: { command: node a.js, port: 4000 }, redis: { image: redis, port: 6379 } } }',
  );
  expect(plan.main).toBe('api');
});

test('a service that only has a health path or paths is given a port that nobody else has', async () => {
  const plan = await detect(
    '{ services: { one: { command: a, port: 3000 }, two: { command: b, health: { path: /up } }, three: { command: c, paths: [/x] } } }',
  );
  const ports = plan.services.map(({ port }) => port);
  expect(new Set(ports).size).toBe(3);
  expect(ports.every((port) => port !== null && port !== 4173)).toBe(true);
});

test('the detected backend makes way for a service that asks for its port by number', async () => {
  await put(server);
  const plan = await detect('{ services: { cache: { image: redis, port: 3000 } } }');
  expect(plan.services[1]).toMatchObject({ name: 'backend', port: 28_100 });
});

test('a Dockerfile is used when the configuration names it, and only mentioned otherwise', async () => {
  await put({ ...server, Dockerfile: 'FROM node:24-slim', 'docker/api.Dockerfile': 'FROM node:24-slim' });
  expect((await detect('{ runtime: docker }')).services[0]).toMatchObject({
    image: undefined,
    reason: expect.stringContaining('isolation.backend.dockerfile'),
  });
  expect((await detect('{}')).services[0]?.reason).not.toContain('Dockerfile');
  expect((await detect('{ dockerfile: docker/api.Dockerfile }')).services[0]).toMatchObject({
    command: 'node server.js',
    image: { dockerfile: join(worktree, 'docker/api.Dockerfile'), context: join(worktree, 'docker') },
  });
});

test('an image without a command, and nothing detected, runs what the image says', async () => {
  const plan = await detect('{ image: ghcr.io/acme/api }');
  expect(plan.services).toMatchObject([{ name: 'backend', command: [], port: 3000 }]);
});

test('keys of the backend that the list of services makes void are named', async () => {
  const plan = await detect('{ port: 4000, env: { A: b }, services: { api: { command: x, port: 5000 } } }');
  expect(plan.notes).toEqual([
    expect.stringContaining('isolation.backend.port'),
    expect.stringContaining('isolation.backend.env'),
  ]);
});

test.each([
  ['SERVICE_INCOMPLETE', '{ services: { api: { port: 3000 } } }'],
  ['SERVICE_PORT_TAKEN', '{ services: { a: { command: x, port: 3000 }, b: { command: y, port: 3000 } } }'],
  ['SERVICE_PORT_TAKEN', '{ services: { a: { command: x, port: 4173 } } }'],
  ['SERVICE_NAME_TAKEN', '{ command: x, services: { backend: { command: y } } }'],
  ['SERVICE_IMAGE_TWICE', '{ services: { a: { command: x, image: i, dockerfile: Dockerfile } } }'],
  ['DOCKERFILE_MISSING', '{ services: { a: { dockerfile: nowhere/Dockerfile } } }'],
  ['DOCKERFILE_MISSING', '{ services: { a: { dockerfile: ../../../etc/passwd } } }'],
  ['BACKEND_DIRECTORY_OUTSIDE', '{ services: { a: { command: x, directory: ../.. } } }'],
])('%s is refused: %s', async (code, backend) => {
  await expect(detect(backend)).rejects.toMatchObject({ code, status: 422 });
});

test('without containers an image is refused with what to do', async () => {
  const { services } = await detect('{ services: { redis: { image: redis, port: 6379 } } }');
  expect(() => requireImages(services, 'process')).toThrow(
    expect.objectContaining({
      code: 'SERVICE_NEEDS_DOCKER',
      remedy: expect.stringContaining('runtime to docker'),
    }),
  );
  expect(() => requireImages(services, 'docker')).not.toThrow();
});
