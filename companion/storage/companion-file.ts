import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { createSecret } from '../security/secrets.ts';
import { type StatePaths, writePrivateFile } from './state-directory.ts';

/** Used when the companion may choose and never ran before; nothing well known listens there. */
const DEFAULT_PORT = 4747;

const keptSchema = z.object({ token: z.string().min(32), port: z.int().min(1).max(65535).optional() });

/** What is kept from one run to the next, so that open previews, boards and workbenches find their way back. */
const keptPath = (paths: StatePaths) => join(paths.home, 'identity.json');

async function readKept(paths: StatePaths): Promise<z.infer<typeof keptSchema> | null> {
  try {
    return keptSchema.parse(JSON.parse(await readFile(keptPath(paths), 'utf8')));
  } catch {
    return null; // first run, or a file somebody damaged: a new identity is as good
  }
}

/** The control API's token: made once per state directory, readable by its owner alone. */
export async function keptToken(paths: StatePaths): Promise<string> {
  const kept = await readKept(paths);
  if (kept) return kept.token;
  const token = createSecret();
  await writePrivateFile(keptPath(paths), `${JSON.stringify({ token })}\n`);
  return token;
}

/** The port of the last run: previews keep their origins, and with them their storage. */
export async function preferredPort(paths: StatePaths): Promise<number> {
  return (await readKept(paths))?.port ?? DEFAULT_PORT;
}

export async function keepPort(paths: StatePaths, port: number): Promise<void> {
  const token = await keptToken(paths);
  await writePrivateFile(keptPath(paths), `${JSON.stringify({ token, port })}\n`);
}
