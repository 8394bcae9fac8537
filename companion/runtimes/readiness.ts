import { setTimeout as delay } from 'node:timers/promises';
import { VitrineError } from '#shared/errors.ts';

/** How long a pod may take until its gateway answers. On a quiet machine it is 0.1 to 0.3 s. */
const READY_DEADLINE_MS = 20_000;

/**
 * Waits for a pod's gateway. `died` resolves with what it said when it ended instead. Throws SANDBOX_FAILED, or the
 * signal's reason.
 */
export async function untilReady<T>(
  ready: Promise<T>,
  died: Promise<string>,
  signal: AbortSignal,
): Promise<T> {
  const over = new AbortController();
  const stop = AbortSignal.any([signal, over.signal]);
  try {
    return await Promise.race([
      ready,
      died.then((complaint) => Promise.reject(new Error(complaint))),
      delay(READY_DEADLINE_MS, undefined, { signal: stop }).then(() =>
        Promise.reject(new Error(`it was not ready within ${READY_DEADLINE_MS / 1000} s`)),
      ),
    ]);
  } catch (cause) {
    signal.throwIfAborted();
    throw new VitrineError({
      code: 'SANDBOX_FAILED',
      message: `The sandbox could not be started: ${cause instanceof Error ? cause.message : String(cause)}`,
      remedy: 'Run "vitrine doctor" to see what this machine lacks.',
      cause,
    });
  } finally {
    over.abort();
  }
}
