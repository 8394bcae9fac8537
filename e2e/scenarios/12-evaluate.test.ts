import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type Companion, startCompanion } from '../companion.ts';
import { httpCall } from '../http.ts';
import { Lifetime } from '../lifetime.ts';
import { makeProject } from '../project.ts';

const lifetime = new Lifetime();
let companion: Companion;
let id: string;
let cookie: string;

beforeAll(async () => {
  const directory = lifetime.own(await mkdtemp(join(tmpdir(), 'vitrine-evaluate-')), (path) =>
    rm(path, { recursive: true, force: true, maxRetries: 5 }),
  );
  companion = lifetime.own(await startCompanion(), (started) => started.stop());
  const worktree = await makeProject(directory, { 'index.html': '<!doctype html><h1>Plain</h1>' });
  ({ environmentId: id } = await companion.create({ taskId: 'evaluate', agentId: 'test', worktree }));
  await companion.running(id);
  const { pathname, search } = new URL((await companion.environment(id)).previewUrl);
  const host = `${id}.localhost:${companion.port}`;
  const { headers } = await httpCall({ port: companion.port, path: pathname + search, host });
  cookie = String(headers['set-cookie']).split(';')[0] ?? '';
});
afterAll(() => lifetime.end());

const ownOrigin = () => `http://${id}.localhost:${companion.port}`;

/** Plays a page of the preview, which answers every question with what it was asked. */
async function connectPage(frameId: string, origin: string): Promise<{ asked: string[] }> {
  const socket = new WebSocket(`ws://127.0.0.1:${companion.port}/__vitrine/live`, {
    headers: { host: `${id}.localhost:${companion.port}`, cookie, origin },
  });
  lifetime.own(socket, (open) => open.terminate());
  const asked: string[] = [];
  socket.on('message', (data) => {
    const message = JSON.parse(String(data));
    if (message.type !== 'evaluate') return;
    asked.push(message.source);
    const value = { type: 'string', text: message.source };
    socket.send(JSON.stringify({ type: 'evaluated', id: message.id, thrown: false, value }));
  });
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'hello', frameId, session: 'static', revision: 0, vendor: '' }));
  await once(socket, 'message');
  return { asked };
}

const evaluate = (frameId: string, headers: Record<string, string> = {}) =>
  companion.fetch(`/api/environments/${id}/evaluate`, {
    method: 'POST',
    body: { frameId, source: '1 + 1' },
    headers,
  });

test('attack 17: only who holds the control API has a page evaluate, and only a page of the preview is asked', async () => {
  const { asked } = await connectPage('own', ownOrigin());
  // An origin that may call the preview is not the preview.
  const foreign = await connectPage('foreign', 'http://localhost:3000');

  expect(await (await evaluate('own')).json()).toEqual({
    thrown: false,
    value: { type: 'string', text: '1 + 1' },
  });
  const refused: Record<string, string>[] = [
    { authorization: 'Bearer guessed' },
    { origin: ownOrigin() },
    { origin: 'https://evil.example' },
    { authorization: '', cookie },
  ];
  for (const headers of refused) expect([401, 403]).toContain((await evaluate('own', headers)).status);
  expect(asked).toEqual(['1 + 1']);

  expect((await evaluate('foreign')).status).toBe(404);
  expect((await evaluate('nobody')).status).toBe(404);
  expect(foreign.asked).toEqual([]);
});
