import { connect, type NetConnectOpts, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { VitrineError } from '#shared/errors.ts';
import { AUTH_HEADER, ERROR_HEADER } from './protocol.ts';
import type { GatewayAddress } from './server.ts';

/** Longest a connection through a gateway may take to stand. */
const CONNECT_DEADLINE_MS = 15_000;
/** Pause before a burst larger than the socket's backlog is tried again. */
const BACKLOG_RETRY_MS = 20;
const MAX_REPLY_BYTES = 8_192;

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

async function attempt(options: GatewayClientOptions, signal: AbortSignal): Promise<Socket> {
  signal.throwIfAborted();
  const socket = connect(endpoint(options.address));
  // Between this promise and its owner's own listeners an error must not go uncaught; `close` still tells.
  socket.on('error', () => {});
  const onAbort = () => socket.destroy(abortError(signal));
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    socket.write(
      `CONNECT 127.0.0.1:${options.port} HTTP/1.1\r\nhost: 127.0.0.1:${options.port}\r\n${AUTH_HEADER}: ${options.secret}\r\n\r\n`,
    );
    const reply = await readReply(socket);
    if (reply.status === 200) return socket;
    throw refusal(reply, options.port);
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

interface Reply {
  status: number;
  error: string | null;
}

/** Reads the head of the gateway's answer and leaves the bytes behind it in the socket. */
function readReply(socket: Socket): Promise<Reply> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    const settle = (act: () => void) => {
      socket.off('readable', onReadable);
      socket.off('error', onError);
      socket.off('close', onClose);
      act();
    };
    const onError = (error: Error) =>
      settle(() => reject(isGone(error) ? unreachable('its process is gone', error) : error));
    const onClose = () => settle(() => reject(unreachable('it closed the connection')));
    const onReadable = () => {
      for (let chunk: unknown = socket.read(); chunk !== null; chunk = socket.read()) {
        if (Buffer.isBuffer(chunk)) received = Buffer.concat([received, chunk]);
        const end = received.indexOf('\r\n\r\n');
        if (end >= 0) {
          const head = received.toString('latin1', 0, end);
          const rest = received.subarray(end + 4);
          return settle(() => {
            if (rest.length > 0) socket.unshift(rest);
            resolve(parseHead(head));
          });
        }
        if (received.length > MAX_REPLY_BYTES) {
          return settle(() => reject(unreachable('it answered something else')));
        }
      }
    };
    socket.on('readable', onReadable);
    socket.on('error', onError);
    socket.on('close', onClose);
  });
}

function parseHead(head: string): Reply {
  const [statusLine = '', ...lines] = head.split('\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(statusLine)?.[1] ?? 0);
  const error = lines.find((line) => line.toLowerCase().startsWith(`${ERROR_HEADER}:`));
  return { status, error: error ? error.slice(ERROR_HEADER.length + 1).trim() : null };
}

function refusal({ status, error }: Reply, port: number): Error {
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

function endpoint(address: GatewayAddress): NetConnectOpts {
  // Half-open is for whoever ends first and still reads, which always works. Kept connections of an HTTP agent must
  // close by themselves when the service ends them, so it is not for the other direction.
  if ('socket' in address) return { path: address.socket };
  return { host: '127.0.0.1', port: address.port, noDelay: true };
}

function unreachable(why: string, cause?: unknown): VitrineError {
  return new VitrineError({
    code: 'POD_UNREACHABLE',
    message: `The sandbox's gateway cannot be reached: ${why}`,
    remedy: 'Restart the environment.',
    status: 502,
    cause,
  });
}

function isGone(error: unknown): boolean {
  return ['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE'].includes(codeOf(error) ?? '');
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

function abortError(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('Aborted', { cause: signal.reason });
}
