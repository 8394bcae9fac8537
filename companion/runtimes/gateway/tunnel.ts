import { connect, type NetConnectOpts, type Socket } from 'node:net';
import { VitrineError } from '#shared/errors.ts';
import { AUTH_HEADER, ERROR_HEADER, type GatewayAddress } from './protocol.ts';

const MAX_REPLY_BYTES = 8_192;
/** How soon a connection whose other machine vanished is asked whether it still stands. */
const KEEP_ALIVE_MS = 30_000;

export interface TunnelOptions {
  address: GatewayAddress;
  secret: string;
  /** `127.0.0.1:<port>`, or `outlet:<name>`. */
  target: string;
  /** Whether the owner goes on writing after the other side ended. */
  allowHalfOpen: boolean;
}

/** What a gateway answered instead of opening a tunnel. */
export interface Refusal {
  status: number;
  error: string | null;
}

/**
 * Asks a gateway for a tunnel and waits for its answer as long as the signal lets it. Rejects with the signal's
 * reason, with a VitrineError POD_UNREACHABLE when there is no gateway, or with the system's error.
 */
export async function openTunnel(
  { address, secret, target, allowHalfOpen }: TunnelOptions,
  signal: AbortSignal,
): Promise<{ connection: Socket } | Refusal> {
  signal.throwIfAborted();
  const socket = connect({ ...endpoint(address), allowHalfOpen });
  // Between this promise and its owner's own listeners an error must not go uncaught; `close` still tells.
  socket.on('error', () => {});
  const onAbort = () => socket.destroy(abortError(signal));
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    socket.write(`CONNECT ${target} HTTP/1.1\r\nhost: ${target}\r\n${AUTH_HEADER}: ${secret}\r\n\r\n`);
    const reply = await readReply(socket);
    if (reply.status === 200) return { connection: socket };
    socket.destroy();
    return reply;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** Reads the head of the gateway's answer and leaves the bytes behind it in the socket. */
function readReply(socket: Socket): Promise<Refusal> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    const settle = (act: () => void) => {
      socket.off('readable', onReadable);
      socket.off('error', onError);
      socket.off('end', onClose);
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
    socket.on('end', onClose);
    socket.on('close', onClose);
  });
}

function parseHead(head: string): Refusal {
  const [statusLine = '', ...lines] = head.split('\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(statusLine)?.[1] ?? 0);
  const error = lines.find((line) => line.toLowerCase().startsWith(`${ERROR_HEADER}:`));
  return { status, error: error ? error.slice(ERROR_HEADER.length + 1).trim() : null };
}

function endpoint(address: GatewayAddress): NetConnectOpts {
  if ('socket' in address) return { path: address.socket };
  return {
    host: '127.0.0.1',
    port: address.port,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_MS,
  };
}

export function unreachable(why: string, cause?: unknown): VitrineError {
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

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

function abortError(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('Aborted', { cause: signal.reason });
}
