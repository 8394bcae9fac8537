import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { identify, isAlive } from '../runtimes/process/identity.ts';
import { prepareStateDirectory } from './state-directory.ts';

const MAX_TRIES = 5;
const ownerSchema = z.object({ pid: z.number(), startedAt: z.string() });

/**
 * Makes this process the only companion of a state directory. Resolves the way to let go, or null while another
 * living process has it. A lock whose owner is gone (kill -9, power cut, pid used again) is taken over.
 */
export async function lockStateDirectory(home: string): Promise<(() => Promise<void>) | null> {
  prepareStateDirectory(home);
  const path = join(home, 'companion.lock');
  const own = JSON.stringify(await identify(process.pid));
  for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
    try {
      const file = await open(path, 'wx', 0o600);
      await file.writeFile(own);
      await file.close();
      return () => rm(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    if (await isHeld(path)) return null;
    await rm(path, { force: true });
  }
  return null;
}

async function isHeld(path: string): Promise<boolean> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const owner = ownerSchema.safeParse(parseOrNull(text));
  return owner.success && isAlive(owner.data);
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // cut off while it was written
  }
}
