import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { PostgresProvider } from '../databases/postgres/provider.ts';
import { findCompanion } from '../native-host/find-companion.ts';
import { identify, isAlive } from '../runtimes/process/identity.ts';
import { statePaths } from '../storage/state-directory.ts';
import { call } from './call.ts';

const STOP_DEADLINE_MS = 20_000;
const LOOK_EVERY_MS = 100;

/**
 * Ends the companion of a state directory and waits until its process is gone; false when none ran. With
 * `terminate` every environment's database and files go too, else they come back with the next companion.
 */
export async function endCompanion(home: string, options: { terminate: boolean }): Promise<boolean> {
  const companion = await findCompanion(home);
  if (!companion) return false;
  const identity = await identify(companion.pid);
  await call(companion, 'POST', '/api/shutdown', options);
  const deadline = Date.now() + STOP_DEADLINE_MS;
  while (identity && (await isAlive(identity)) && Date.now() < deadline) {
    await delay(LOOK_EVERY_MS);
  }
  return true;
}

/** Terminates every environment, ends the companion and removes the state directory (attack 16). */
export async function removeEverything(home: string): Promise<void> {
  await endCompanion(home, { terminate: true });
  // As root its server's data lies elsewhere: it may not run as root, and nobody else may enter the state directory.
  const { databases } = statePaths(home);
  await new PostgresProvider({ directory: join(databases, 'postgres') }).remove();
  await rm(home, { recursive: true, force: true });
}
