import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { tryLock } from '../storage/lock-file.ts';

const LOOK_EVERY_MS = 50;

/**
 * Waits until this process alone may start a companion on a state directory. Resolves with the way to let go;
 * rejects with the signal's reason.
 */
export async function holdStartLock(home: string, signal: AbortSignal): Promise<() => Promise<void>> {
  await mkdir(home, { recursive: true, mode: 0o700 });
  for (;;) {
    signal.throwIfAborted();
    const release = await tryLock(join(home, 'start-lock.sqlite'));
    if (release) return release;
    await delay(LOOK_EVERY_MS, undefined, { signal });
  }
}
