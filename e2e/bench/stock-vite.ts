import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startChild } from '../child.ts';
import { waitUntil } from '../wait-until.ts';

const START_DEADLINE_MS = 30_000;

/**
 * The project's own dev server as a person starts it. `directory` is a worktree without packages of its own: Vite
 * makes a node_modules there for its cache alone, which goes before and after, so that every start is a first one. Its
 * command also has Node keep what it compiled, below `compiled`, or where all its starts on this machine have it.
 */
export async function startStockVite(directory: string, nodeModules: string, compiled?: string) {
  const dropCache = () =>
    rm(join(directory, 'node_modules'), { recursive: true, force: true, maxRetries: 3 });
  await dropCache();
  const vite = join(nodeModules, 'vite/bin/vite.js');
  const child = await startChild(
    process.execPath,
    [vite, '--host', '127.0.0.1', '--port', '0', '--clearScreen', 'false'],
    {
      cwd: directory,
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, NODE_COMPILE_CACHE: compiled },
    },
  );
  try {
    const url = await waitUntil(() => /http:\/\/127\.0\.0\.1:\d+\//.exec(child.output())?.[0], {
      what: 'the stock dev server to listen',
      deadlineMs: START_DEADLINE_MS,
      intervalMs: 2,
    });
    return {
      url,
      pid: child.pid,
      async stop() {
        await child.stop();
        await dropCache();
      },
    };
  } catch (cause) {
    await child.stop();
    throw new Error(`The stock dev server did not start:\n${child.output()}`, { cause });
  }
}
