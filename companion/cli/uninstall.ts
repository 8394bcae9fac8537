import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { findCompanion } from '../native-host/find-companion.ts';
import { processStartTime } from '../storage/process-identity.ts';
import { call } from './call.ts';

const STOP_DEADLINE_MS = 20_000;
const LOOK_EVERY_MS = 100;

/** Terminates every environment, ends the companion and removes the state directory (attack 16). */
export async function removeEverything(home: string): Promise<void> {
  const companion = await findCompanion(home);
  if (companion) {
    await call(companion, 'POST', '/api/shutdown', { terminate: true });
    const startTime = await processStartTime(companion.pid);
    const deadline = Date.now() + STOP_DEADLINE_MS;
    while (
      startTime !== null &&
      (await processStartTime(companion.pid)) === startTime &&
      Date.now() < deadline
    ) {
      await delay(LOOK_EVERY_MS);
    }
  }
  await rm(home, { recursive: true, force: true });
}
