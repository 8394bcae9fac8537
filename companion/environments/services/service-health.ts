import http from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { PauseGate } from './pause-gate.ts';

const FIRST_PAUSE_MS = 10;
const MAX_PAUSE_MS = 250;
/** One probe may take this long; a service that accepts and never answers is asked again. */
const PROBE_TIMEOUT_MS = 5_000;

export interface Probe {
  connect(signal: AbortSignal): Promise<Duplex>;
  /** Path that has to answer below 500; without it an open port is enough. */
  path?: string;
}

export interface HealthCheck extends Probe {
  timeoutMs: number;
  /** The time of a pause does not count. */
  gate: PauseGate;
  signal: AbortSignal;
}

/** Asks a service until it answers. Never rejects. */
export async function waitUntilAnswers(check: HealthCheck): Promise<'ready' | 'timeout' | 'aborted'> {
  const { gate, signal } = check;
  const deadline = gate.now() + check.timeoutMs;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(MAX_PAUSE_MS, pause * 1.5)) {
    await gate.opened(signal);
    if (await answers(check, signal)) return signal.aborted ? 'aborted' : 'ready';
    if (signal.aborted) return 'aborted';
    if (gate.now() > deadline) return 'timeout';
    await delay(pause, undefined, { signal }).catch(() => undefined);
  }
}

/** Asks a service once. Never rejects. */
export async function answers({ connect, path }: Probe, signal: AbortSignal): Promise<boolean> {
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
