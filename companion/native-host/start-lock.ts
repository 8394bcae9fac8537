import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { identify, isAlive } from '../runtimes/process/identity.ts';

const LOOK_EVERY_MS = 50;
const holderSchema = z.object({ pid: z.int(), startedAt: z.string() });

/**
 * Waits until this process alone may start a companion on a state directory. A lock whose holder is gone is taken
 * over. Resolves with the way to let go; rejects with the signal's reason.
 */
export async function holdStartLock(home: string, signal: AbortSignal): Promise<() => Promise<void>> {
  await mkdir(home, { recursive: true, mode: 0o700 });
  const path = join(home, 'companion.start.lock');
  const mine = `${path}.${randomUUID()}`;
  await writeFile(mine, JSON.stringify(await identify(process.pid)), { mode: 0o600 });
  try {
    for (;;) {
      signal.throwIfAborted();
      // A link appears with its content, unlike a file that is created and then written.
      if (await tryLink(mine, path)) return () => rm(path, { force: true });
      const seen = await readFile(path, 'utf8').catch(() => null);
      if (seen !== null && !(await isHeld(seen))) await takeAway(path, seen);
      else await delay(LOOK_EVERY_MS, undefined, { signal });
    }
  } finally {
    await rm(mine, { force: true });
  }
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

async function isHeld(text: string): Promise<boolean> {
  try {
    return await isAlive(holderSchema.parse(JSON.parse(text)));
  } catch {
    return false;
  }
}

/** Removes a dead holder's lock, unless another process has just done so and taken it. */
async function takeAway(path: string, seen: string): Promise<void> {
  if ((await readFile(path, 'utf8').catch(() => null)) === seen) await rm(path, { force: true });
}
