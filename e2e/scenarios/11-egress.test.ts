import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { egressStateSchema } from '#shared/api/environment.ts';
import { networkListSchema } from '#shared/api/network.ts';
import { type Companion, startCompanion } from '../companion.ts';
import { httpCall } from '../http.ts';
import { Lifetime } from '../lifetime.ts';
import { makeProject } from '../project.ts';

/** Fetches what it is told to and passes on what came. */
const SERVER = `
import http from 'node:http';
http.createServer(async (request, response) => {
  const target = new URL(request.url, 'http://x').searchParams.get('fetch');
  try {
    const answer = await fetch(target);
    response.writeHead(answer.status).end(await answer.text());
  } catch (error) {
    response.writeHead(599).end(String(error.cause ?? error));
  }
}).listen(process.env.PORT, process.env.HOST);
`;

const lifetime = new Lifetime();
let companion: Companion;
let id: string;
let outside: string;

beforeAll(async () => {
  const directory = lifetime.own(await mkdtemp(join(tmpdir(), 'vitrine-egress-')), (path) =>
    rm(path, { recursive: true, force: true, maxRetries: 5 }),
  );
  const server = createServer((_request, response) => response.end('from outside'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  lifetime.own(server, (each) => new Promise<void>((resolve) => each.close(() => resolve())));
  outside = `localhost:${(server.address() as AddressInfo).port}`;
  companion = lifetime.own(await startCompanion(), (started) => started.stop());
  const worktree = await makeProject(join(directory, 'project'), {
    // Older Nodes take no proxy from the environment.
    'package.json': '{"type":"module","engines":{"node":">=24.5"},"scripts":{"server":"node server.js"}}',
    'server.js': SERVER,
    // Node leaves out the proxy for the sandbox's own localhost; the outside goes by another name for it.
    '.vibe-kanban/environment.yaml': 'isolation:\n  backend:\n    env: { NO_PROXY: "", no_proxy: "" }\n',
  });
  ({ environmentId: id } = await companion.create({ taskId: 'egress', agentId: 'test', worktree }));
  await companion.running(id);
});
afterAll(() => lifetime.end());

const fetchThere = (url: string) =>
  httpCall({
    port: companion.port,
    path: `/api/relay?fetch=${encodeURIComponent(url)}`,
    host: `${id}.localhost:${companion.port}`,
    headers: { authorization: `Bearer ${companion.token}` },
  });

async function outgoing() {
  const response = await companion.fetch(`/api/environments/${id}/network?initiator=backend`);
  return networkListSchema.parse(await response.json()).requests;
}

test('nothing leaves the sandbox until its host is allowed, and every attempt is shown', async () => {
  const refused = await fetchThere(`http://${outside}/data`);
  expect(refused.body).not.toContain('from outside');
  expect(await outgoing()).toMatchObject([{ blocked: true, initiator: 'backend' }]);

  const answer = await companion.fetch(`/api/environments/${id}/egress`, {
    method: 'POST',
    body: { host: outside },
  });
  expect(egressStateSchema.parse(await answer.json())).toEqual({ policy: 'allowlist', allowed: [outside] });
  expect((await fetchThere(`http://${outside}/data`)).body).toBe('from outside');
  expect((await outgoing()).at(-1)?.blocked).not.toBe(true);

  await companion.fetch(`/api/environments/${id}/egress`, { method: 'DELETE', body: { host: outside } });
  expect((await fetchThere(`http://${outside}/data`)).body).not.toContain('from outside');
});

test('the companion itself is out of reach although its host and port are allowed', async () => {
  const host = `localhost:${companion.port}`;
  await companion.fetch(`/api/environments/${id}/egress`, { method: 'POST', body: { host } });
  const answer = await fetchThere(`http://${host}/healthz`);
  expect(answer.body).not.toContain('"name":"vitrine"');
});

test('the network log is a HAR file with the masked secrets of the browser', async () => {
  await httpCall({
    port: companion.port,
    path: '/api/relay?fetch=x',
    host: `${id}.localhost:${companion.port}`,
    headers: { authorization: `Bearer ${companion.token}`, cookie: 'session=very-secret' },
  });
  const response = await companion.fetch(`/api/environments/${id}/network.har`);
  const text = await response.text();
  const { log } = JSON.parse(text);
  expect(log).toMatchObject({ version: '1.2', creator: { name: expect.any(String) } });
  expect(log.entries.length).toBeGreaterThan(2);
  expect(text).not.toContain('very-secret');
  expect(text).not.toContain(companion.token);
});
