import http from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';

const FIRST_PAUSE_MS = 10;
const MAX_PAUSE_MS = 250;
/** One probe may take this long; a service that accepts and never answers is asked again. */
const PROBE_TIMEOUT_MS = 5_000;

export interface HealthCheck {
  connect(signal: AbortSignal): Promise<Duplex>;
  /** Path that has to answer below 500; without it an open port is enough. */
  path?: string;
  timeoutMs: number;
  signal: AbortSignal;
}

/** Asks a service until it answers. Never rejects. */
export async function waitUntilAnswers(check: HealthCheck): Promise<'ready' | 'timeout' | 'aborted'> {
  const deadline = performance.now() + check.timeoutMs;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(MAX_PAUSE_MS, pause * 1.5)) {
    if (await probe(check)) return check.signal.aborted ? 'aborted' : 'ready';
    if (check.signal.aborted) return 'aborted';
    if (performance.now() > deadline) return 'timeout';
    await delay(pause, undefined, { signal: check.signal }).catch(() => undefined);
  }
}

async function probe({ connect, path, signal }: HealthCheck): Promise<boolean> {
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(PROBE_TIMEOUT_MS)]);
  let connection: Duplex | undefined;
  try {
    connection = await connect(bounded);
    return path === undefined || (await answersBelow500(connection, path, bounded));
  } catch {
    return false; // not listening yet: what a health check is for
  } finally {
    connection?.destroy();
  }
}

function answersBelow500(connection: Duplex, path: string, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve, reject) => {
    // Without an agent: one given (or false) would make its own connection instead.
    const request = http.get({
      path,
      signal,
      createConnection: () => connection,
      headers: { host: 'localhost' },
    });
    request.on('error', reject);
    request.on('response', (response) => {
      response.resume();
      resolve((response.statusCode ?? 500) < 500);
    });
  });
}
