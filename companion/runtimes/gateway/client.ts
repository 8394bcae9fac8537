import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { VitrineError } from '#shared/errors.ts';
import type { GatewayAddress } from './protocol.ts';
import { codeOf, openTunnel, type Refusal, unreachable } from './tunnel.ts';

/** Longest a connection through a gateway may take to stand. */
const CONNECT_DEADLINE_MS = 15_000;
/** Pause before a burst larger than the socket's backlog is tried again. */
const BACKLOG_RETRY_MS = 20;

export interface GatewayClientOptions {
  address: GatewayAddress;
  secret: string;
  port: number;
  signal?: AbortSignal;
  deadlineMs?: number;
}

/**
 * Opens a connection to a port inside a pod. Rejects with an error whose `code` is ECONNREFUSED when nothing
 * listens there, with a VitrineError POD_UNREACHABLE when the gateway itself does not answer, and with the
 * signal's reason on abort.
 */
export async function connectThroughGateway(options: GatewayClientOptions): Promise<Duplex> {
  const deadline = AbortSignal.timeout(options.deadlineMs ?? CONNECT_DEADLINE_MS);
  const signal = options.signal ? AbortSignal.any([options.signal, deadline]) : deadline;
  for (;;) {
    try {
      return await attempt(options, signal);
    } catch (error) {
      if (options.signal?.aborted) throw options.signal.reason;
      if (signal.aborted) throw unreachable('it did not answer in time', error);
      // The kernel's word for a full backlog of a unix socket.
      if (codeOf(error) !== 'EAGAIN') throw error;
      await delay(BACKLOG_RETRY_MS);
    }
  }
}

async function attempt(
  { address, secret, port }: GatewayClientOptions,
  signal: AbortSignal,
): Promise<Duplex> {
  // Half-open is for whoever ends first and still reads, which always works. Kept connections of an HTTP agent must
  // close by themselves when the service ends them, so it is not for the other direction.
  const tunnel = await openTunnel(
    { address, secret, target: `127.0.0.1:${port}`, allowHalfOpen: false },
    signal,
  );
  if ('connection' in tunnel) return tunnel.connection;
  throw refusal(tunnel, port);
}

function refusal({ status, error }: Refusal, port: number): Error {
  if (status === 502 && error) {
    const message =
      error === 'ECONNREFUSED'
        ? `Nothing listens on port ${port} inside the sandbox`
        : `Port ${port} inside the sandbox could not be reached (${error})`;
    return Object.assign(new Error(message), { code: error });
  }
  return new VitrineError({
    code: 'POD_REFUSED',
    message: `The sandbox's gateway refused the connection with status ${status}`,
    remedy: 'Restart the environment.',
    status: 502,
  });
}
