import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { startChild } from '../child.ts';
import { waitUntil } from '../wait-until.ts';
import type { CorpusApp } from './app.ts';

const START_DEADLINE_MS = 90_000;

/** The project's own dev server as a person starts it. */
export async function startStockServer(app: CorpusApp, directory: string) {
  const port = await freePort();
  const command = app.command ?? [
    'node',
    'node_modules/vite/bin/vite.js',
    '--port',
    'PORT',
    '--strictPort',
    '--host',
    '127.0.0.1',
  ];
  const [program = 'node', ...args] = command.map((part) => part.replace('PORT', String(port)));
  const child = await startChild(program === 'node' ? process.execPath : program, args, {
    cwd: join(directory, app.root ?? '.'),
    env: {
      ...process.env,
      // Those of a test run: Astro shows no edits in one.
      NODE_ENV: undefined,
      VITEST: undefined,
      NO_COLOR: '1',
      FORCE_COLOR: undefined,
      BROWSER: 'none',
      PORT: String(port),
    },
  });
  const url = `http://127.0.0.1:${port}${app.path ?? '/'}`;
  try {
    await waitUntil(async () => (await fetch(url, { headers: { accept: 'text/html' } })).ok, {
      what: `the own server of ${app.name}`,
      deadlineMs: START_DEADLINE_MS,
    });
  } catch (cause) {
    await child.stop();
    throw new Error(`The own server of ${app.name} did not start:\n${child.output()}`, { cause });
  }
  return { url, stop: () => child.stop() };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No port was given.');
  return address.port;
}
