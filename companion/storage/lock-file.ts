import { randomUUID } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { identify, isAlive } from '../runtimes/process/identity.ts';

const MAX_TRIES = 5;
const holderSchema = z.object({ pid: z.int(), startedAt: z.string() });

/**
 * Takes a lock for this process, or resolves null while another living process has it. A lock whose holder is gone
 * (kill -9, power cut, a pid that was used again) is taken over. Resolves with the way to let go.
 */
export async function tryLock(path: string): Promise<(() => Promise<void>) | null> {
  const mine = `${path}.${randomUUID()}`;
  await writeFile(mine, JSON.stringify(await identify(process.pid)), { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
      // A link appears with its content, unlike a file that is created and then written.
      if (await tryLink(mine, path)) return () => rm(path, { force: true });
      const seen = await readFile(path, 'utf8').catch(() => null);
      if (seen !== null && (await isHeld(seen))) return null;
      if (seen !== null) await takeAway(path, seen);
    }
    return null;
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
    return false; // cut off while it was written, or not ours
  }
}

/** Removes a dead holder's lock, unless another process has just done so and taken it. */
async function takeAway(path: string, seen: string): Promise<void> {
  if ((await readFile(path, 'utf8').catch(() => null)) === seen) await rm(path, { force: true });
}
