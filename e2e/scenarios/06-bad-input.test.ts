import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Failure } from '#shared/api/environment.ts';
import { CONFIG_PATH } from '#shared/config/environment-config.ts';
import { errorBodySchema } from '#shared/errors.ts';
import { startChild } from '../child.ts';
import { type CallOptions, type Companion, startCompanion } from '../companion.ts';
import { httpCall } from '../http.ts';
import { Lifetime } from '../lifetime.ts';
import { makeProject, PLAIN_PROJECT, writeFiles } from '../project.ts';
import { waitUntil } from '../wait-until.ts';

const lifetime = new Lifetime();
let directory: string;
let companion: Companion;
let healthy: string;
let projects = 0;

beforeAll(async () => {
  directory = lifetime.own(await mkdtemp(join(tmpdir(), 'vitrine-bad-')), (path) =>
    rm(path, { recursive: true, force: true, maxRetries: 5 }),
  );
  companion = lifetime.own(await startCompanion(), (started) => started.stop());
  const worktree = await project(PLAIN_PROJECT);
  healthy = (await companion.create({ taskId: 'healthy', agentId: 'test', worktree })).environmentId;
  await companion.running(healthy);
});

afterAll(() => lifetime.end());

/** Whatever was wrong with one environment, its neighbour goes on and nothing of the wrong one is left. */
afterEach(async () => {
  for (const { id } of await companion.environments()) if (id !== healthy) await companion.terminate(id);
  expect(await ping(healthy)).toBe('pong');
  const left = (await companion.leftovers()).filter(
    (line) => line.startsWith('directory') && !line.includes(healthy),
  );
  expect(left).toEqual([]);
});

/** A new repository with these files. */
function project(files: Record<string, string>): Promise<string> {
  projects += 1;
  return makeProject(join(directory, `project-${projects}`), files);
}

async function ping(id: string): Promise<string> {
  const { body } = await onPreview(id, '/api/ping');
  return body;
}

function onPreview(id: string, path: string) {
  const { port, token } = companion;
  return httpCall({
    port,
    path,
    host: `${id}.localhost:${port}`,
    headers: { authorization: `Bearer ${token}` },
  });
}

/** How a call was refused. */
async function refusal(path: string, options?: CallOptions): Promise<Failure & { status: number }> {
  const response = await companion.fetch(path, options);
  const { error } = errorBodySchema.parse(await response.json());
  return { ...error, status: response.status };
}

/** Why an environment cannot be had: refused at once, or failed while it started. */
async function failureOf(worktree: string): Promise<Failure> {
  const body = { taskId: `task ${worktree}`, agentId: 'test', worktree };
  const response = await companion.fetch('/api/environments', { method: 'POST', body });
  const answer: unknown = await response.json();
  if (!response.ok) return errorBodySchema.parse(answer).error;
  const created = (await companion.environments()).find((environment) => environment.worktree === worktree);
  if (!created) throw new Error(`No environment for ${worktree}: ${JSON.stringify(answer)}`);
  const { failure } = await companion.settled(created.id);
  if (!failure) throw new Error(`The environment of ${worktree} runs`);
  return failure;
}

const backend = (yaml: string) => ({ ...PLAIN_PROJECT, [CONFIG_PATH]: `isolation:\n  backend:\n${yaml}` });

describe('worktrees', () => {
  test('a missing one is named', async () => {
    const failure = await failureOf(join(directory, 'nowhere'));
    expect(failure).toMatchObject({ code: 'WORKTREE_MISSING' });
    expect(failure.message).toContain('nowhere');
    expect(failure.remedy).not.toBe('');
  });

  test('one that is deleted while its preview runs fails that preview only', async () => {
    const worktree = await project(PLAIN_PROJECT);
    const { environmentId } = await companion.create({ taskId: 'deleted', agentId: 'test', worktree });
    await companion.running(environmentId);
    await rm(worktree, { recursive: true });
    // Its backend fails first, for it has no directory to run in; what counts is the cause behind that.
    const failed = await waitUntil(
      async () => {
        const detail = await companion.environment(environmentId);
        return detail.failure?.code === 'WORKTREE_MISSING' && detail;
      },
      { what: 'the environment to notice', deadlineMs: 30_000 },
    );
    expect(failed.status).toBe('failed');
  });

  test('a directory that is not git is refused', async () => {
    const plain = join(directory, 'not-git');
    await writeFiles(plain, PLAIN_PROJECT);
    expect(await failureOf(plain)).toMatchObject({ code: 'WORKTREE_NOT_GIT' });
  });

  test('an empty one has nothing to preview', async () => {
    const failure = await failureOf(await project({}));
    expect(failure.code).toBe('NOTHING_TO_PREVIEW');
    expect(failure.remedy).toContain('environment.yaml');
  });

  test('a huge one starts like any other', async () => {
    const worktree = await project(PLAIN_PROJECT);
    for (let folder = 0; folder < 200; folder++) {
      const path = join(worktree, `data/${folder}`);
      await mkdir(path, { recursive: true });
      await Promise.all(Array.from({ length: 100 }, (_, file) => writeFile(join(path, `${file}.txt`), 'x')));
    }
    const { environmentId } = await companion.create({ taskId: 'huge', agentId: 'test', worktree });
    await companion.running(environmentId);
    expect(await ping(environmentId)).toBe('pong');
    const list = await (await companion.fetch(`/api/environments/${environmentId}/files`)).json();
    expect(list.files.length).toBeGreaterThan(0);
  });
});

describe('projects', () => {
  test('a broken package.json is named with its place', async () => {
    const failure = await failureOf(await project({ ...PLAIN_PROJECT, 'package.json': '{"name": "x",' }));
    expect(failure.code).toBe('PACKAGE_JSON_BROKEN');
    expect(failure.message).toContain('package.json');
  });

  test('no lock file is needed where there are no packages', async () => {
    const worktree = await project(PLAIN_PROJECT);
    const { environmentId } = await companion.create({ taskId: 'no lock', agentId: 'test', worktree });
    await companion.running(environmentId);
  });

  test('absent dependencies that may not be installed are named with the command that brings them', async () => {
    const pkg = { name: 'x', dependencies: { react: '^19.0.0' }, scripts: { server: 'node server.js' } };
    const failure = await failureOf(
      await project({
        ...PLAIN_PROJECT,
        'package.json': JSON.stringify(pkg),
        [CONFIG_PATH]: 'isolation:\n  dependencies:\n    install: false\n',
      }),
    );
    expect(failure.code).toBe('DEPENDENCIES_MISSING');
    expect(failure.remedy).toContain('npm install');
  });

  test('a malformed configuration is named with its line', async () => {
    const failure = await failureOf(await project(backend('    max_instances: many\n')));
    expect(failure.code).toBe('CONFIG_INVALID');
    expect(failure.message).toMatch(/3/);
    expect(failure.message).toContain('max_instances');
  });
});

describe('backends', () => {
  test('one that exits at once shows its last words', async () => {
    const command = `["node", "-e", "console.error('no database here'); process.exit(3)"]`;
    const failure = await failureOf(await project(backend(`    command: ${command}\n`)));
    expect(failure.code).toBe('BACKEND_EXITED');
    expect(failure.message).toContain('3');
    expect(failure.message).toContain('no database here');
  });

  test('one that never listens is given up after the configured time', async () => {
    const yaml = `    command: ["node", "-e", "setInterval(() => {}, 1000)"]\n    health: { timeout: 2s }\n`;
    expect(await failureOf(await project(backend(yaml)))).toMatchObject({ code: 'BACKEND_NOT_LISTENING' });
  });

  test('one that floods its log slows nobody down', async () => {
    const flood = `${PLAIN_PROJECT['server.js']}\nconst line = 'x'.repeat(200) + '\\n';
      const pour = () => { while (process.stdout.write(line)); process.stdout.once('drain', pour); }; pour();`;
    const worktree = await project({ ...PLAIN_PROJECT, 'server.js': flood });
    const { environmentId } = await companion.create({ taskId: 'flood', agentId: 'test', worktree });
    await companion.running(environmentId);
    const latencies: number[] = [];
    for (let call = 0; call < 20; call++) {
      const start = performance.now();
      expect(await ping(healthy)).toBe('pong');
      latencies.push(performance.now() - start);
    }
    expect(latencies.toSorted((a, b) => a - b)[10]).toBeLessThan(500);
    expect((await companion.fetch('/healthz')).status).toBe(200);
  });
});

test('two creates for one task at the same moment make one environment', async () => {
  const worktree = await project(PLAIN_PROJECT);
  const request = { taskId: 'twice', agentId: 'test', worktree };
  const created = await Promise.all([
    companion.create(request),
    companion.create(request),
    companion.create(request),
  ]);
  expect(new Set(created.map(({ environmentId }) => environmentId)).size).toBe(1);
  expect((await companion.environments()).filter(({ taskId }) => taskId === 'twice')).toHaveLength(1);
});

describe('boards', () => {
  test('an unreachable one is named', async () => {
    const board = { url: 'http://127.0.0.1:9' };
    const failure = await refusal('/api/environments', {
      method: 'POST',
      body: { taskId: 'some-task', agentId: 'test', board },
    });
    expect(failure.code).toBe('BOARD_UNREACHABLE');
    expect(failure.message).toContain('127.0.0.1:9');
  });

  test('a site that is no board this version knows is refused', async () => {
    const site = createServer((_request, response) => response.end('<h1>A site</h1>')).listen(0, '127.0.0.1');
    await waitUntil(() => site.listening, { what: 'the site' });
    try {
      const { port } = site.address() as AddressInfo;
      const failure = await refusal('/api/boards', {
        method: 'POST',
        body: { url: `http://127.0.0.1:${port}` },
      });
      expect(failure.code).toBe('BOARD_UNKNOWN');
    } finally {
      site.close();
      site.closeAllConnections();
    }
  });
});

describe('requests', () => {
  const files = () => `/api/environments/${healthy}/files`;

  test.each(['../../../etc/passwd', '/etc/passwd', 'a/../../outside', '..%2f..%2fetc/passwd'])(
    'the path %s does not leave the worktree',
    async (path) => {
      const read = await companion.fetch(`${files()}?path=${encodeURIComponent(path)}`);
      expect(read.status).toBeGreaterThanOrEqual(400);
      const write = await companion.fetch(files(), { method: 'PUT', body: { path, content: 'x' } });
      if (!path.includes('%')) expect(write.status).toBeGreaterThanOrEqual(400);
    },
  );

  test('a symbolic link does not lead out of the worktree', async () => {
    const outside = join(directory, 'outside.txt');
    await writeFile(outside, 'secret');
    const { worktree } = await companion.environment(healthy);
    await symlink(outside, join(worktree, 'link.txt'));
    expect(await refusal(`${files()}?path=link.txt`)).toMatchObject({ code: 'PATH_OUTSIDE_WORKTREE' });
    const body = { path: 'link.txt', content: 'changed' };
    expect(await refusal(files(), { method: 'PUT', body })).toMatchObject({ code: 'PATH_OUTSIDE_WORKTREE' });
    expect(await readFile(outside, 'utf8')).toBe('secret');
  });

  test.each([
    ['GET', '/api/environments/no-such-id'],
    ['DELETE', '/api/environments/no-such-id'],
    ['POST', '/api/environments/no-such-id/suspend'],
    ['GET', '/api/environments/no-such-id/console'],
  ])('%s %s answers 404', async (method, path) => {
    expect(await refusal(path, { method })).toMatchObject({ status: 404, code: 'ENVIRONMENT_UNKNOWN' });
  });

  test.each([
    [{}],
    [{ taskId: '', agentId: 'x' }],
    [{ taskId: 'x', agentId: 'x', surprise: 1 }],
    [{ taskId: 'x', agentId: 'x', worktree: 'relative/path' }],
  ])('the body %j is refused as the caller’s fault', async (body) => {
    const { status, message } = await refusal('/api/environments', { method: 'POST', body });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(message).not.toBe('');
  });

  test('no token and a wrong token are refused', async () => {
    const { port } = companion;
    for (const authorization of ['', 'Bearer wrong', 'Basic eDp5']) {
      const headers = authorization ? { authorization } : undefined;
      expect((await httpCall({ port, path: '/api/environments', headers })).status).toBe(401);
    }
  });

  test('a foreign Host is refused, whatever the token', async () => {
    const { port, token } = companion;
    const headers = { authorization: `Bearer ${token}` };
    for (const host of ['evil.example', `localhost.evil.example:${port}`, `evil.localhost:${port}`, '']) {
      const { status } = await httpCall({ port, path: '/api/environments', host, headers });
      expect(status, host).toBeGreaterThanOrEqual(400);
    }
  });

  test('a foreign Origin is refused, whatever the token', async () => {
    const { port, token } = companion;
    const origins = [
      'https://evil.example',
      `http://${healthy}.localhost:${port}`,
      'null',
      `http://localhost:${port}.evil.example`,
    ];
    for (const origin of origins) {
      const headers = { authorization: `Bearer ${token}`, origin };
      const answer = await httpCall({ port, path: '/api/environments', headers });
      expect(answer.status, origin).toBe(403);
      expect(answer.headers['access-control-allow-origin'], origin).toBeUndefined();
    }
  });

  test('a preview shows nothing without its ticket or cookie', async () => {
    const { port } = companion;
    const host = `${healthy}.localhost:${port}`;
    for (const path of ['/', '/api/ping', '/__vitrine/', '/?__vitrine_ticket=guessed']) {
      const { status, body } = await httpCall({ port, host, path });
      expect([302, 401, 403], path).toContain(status);
      expect(body).not.toContain('pong');
      expect(body).not.toContain('Plain page');
    }
  });
});

test('a second companion whose port is taken says so and ends', async () => {
  const home = await mkdtemp(join(directory, 'home-'));
  const env = { ...process.env, VITRINE_HOME: home, VITRINE_PORT: String(companion.port) };
  const cli = join(import.meta.dirname, '../../companion/cli.ts');
  const child = await startChild(process.execPath, [cli, 'serve'], { env });
  expect(await child.exited).not.toBe(0);
  expect(child.output()).toContain(String(companion.port));
});
