import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { type Child, startChild } from './child.ts';
import { waitUntil } from './wait-until.ts';

const CLI = resolve(import.meta.dirname, '../companion/cli.ts');
/** As the installed command and `npm start` have it. */
const COMPILE_CACHE = new URL('../companion/bin/compile-cache.js', import.meta.url).href;
const START_DEADLINE_MS = 30_000;

const companionFileSchema = z.object({ port: z.number(), pid: z.number(), token: z.string() });

/** A companion that answers. */
export interface Serving {
  child: Child;
  /** What its state directory says of it: it may be one that somebody else started. */
  address: z.infer<typeof companionFileSchema>;
}

/** Runs `vitrine serve` and waits until a companion other than the former answers. Rejects with what it printed. */
export async function startServe(home: string, env: NodeJS.ProcessEnv, formerPid?: number): Promise<Serving> {
  const child = await startChild(process.execPath, ['--import', COMPILE_CACHE, CLI, 'serve'], {
    env: { ...process.env, VITRINE_PORT: '0', ...env, VITRINE_HOME: home },
  });
  const failed = new AbortController();
  child.exited.then((code) => code !== 0 && failed.abort(new Error(`It exited with ${code}`)));
  try {
    const address = await waitUntil(
      async () => {
        const known = companionFileSchema.parse(
          JSON.parse(await readFile(join(home, 'companion.json'), 'utf8')),
        );
        // After a crash the file is still the one of the companion before.
        if (known.pid === formerPid) return undefined;
        const { ok } = await fetch(`http://127.0.0.1:${known.port}/healthz`, {
          signal: AbortSignal.timeout(2_000),
        });
        return ok ? known : undefined;
      },
      { what: 'the companion to answer', deadlineMs: START_DEADLINE_MS, signal: failed.signal },
    );
    return { child, address };
  } catch (cause) {
    await child.stop();
    throw new Error(`The companion did not start:\n${child.output()}`, { cause });
  }
}
