import { once } from 'node:events';
import { createConnection, isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { VitrineError } from '#shared/errors.ts';
import { readExactly } from '../gate/read-exactly.ts';
import type { ServerUrl } from './url.ts';

const CONNECT_DEADLINE_MS = 10_000;
/** SSLRequest (postgresql.org/docs/current/protocol-message-formats.html). */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

/** A connection to the server on which nothing was said yet, encrypted as sslmode says and the server can. */
export async function openServerStream(url: ServerUrl, signal: AbortSignal): Promise<Duplex> {
  const stop = AbortSignal.any([signal, AbortSignal.timeout(CONNECT_DEADLINE_MS)]);
  stop.throwIfAborted();
  const isSocket = url.host.startsWith('/');
  const socket = createConnection(
    isSocket
      ? { path: `${url.host}/.s.PGSQL.${url.port}` }
      : { host: url.host, port: url.port, noDelay: true },
  );
  let stream: Duplex = socket;
  const onAbort = () => stream.destroy(stop.reason as Error);
  stop.addEventListener('abort', onAbort, { once: true });
  try {
    await once(socket, 'connect');
    const wantsTls = !isSocket && url.sslMode !== 'disable' && url.sslMode !== 'allow';
    if (wantsTls && (await offersTls(socket, url, stop))) {
      const secure = connectTls({ socket, ...tlsOptions(url) });
      stream = secure;
      await once(secure, 'secureConnect');
    }
    return stream;
  } catch (error) {
    stream.destroy();
    socket.destroy();
    throw error;
  } finally {
    stop.removeEventListener('abort', onAbort);
  }
}

async function offersTls(socket: Socket, url: ServerUrl, signal: AbortSignal): Promise<boolean> {
  socket.write(SSL_REQUEST);
  const answer = (await readExactly(socket, 1, signal))?.toString('latin1');
  // What came with it came unencrypted, from somebody in between (CVE-2021-23222).
  if (socket.readableLength > 0) throw refused(url, 'said more than it was asked');
  if (answer === 'S') return true;
  if (answer === 'N' && url.sslMode === 'prefer') return false;
  throw refused(url, answer === 'N' ? 'offers no encryption' : 'is no PostgreSQL server');
}

/** As libpq has it: "require" encrypts, "verify-ca" knows the signer, "verify-full" also the host. */
export function tlsOptions({ host, sslMode, certificateAuthority }: ServerUrl): ConnectionOptions {
  return {
    rejectUnauthorized: sslMode === 'verify-ca' || sslMode === 'verify-full',
    ...(sslMode === 'verify-full' ? {} : { checkServerIdentity: () => undefined }),
    ...(certificateAuthority === undefined ? {} : { ca: certificateAuthority }),
    ...(isIP(host) ? {} : { servername: host }),
  };
}

function refused({ host, port }: ServerUrl, what: string): VitrineError {
  return new VitrineError({
    code: 'DATABASE_UNREACHABLE',
    message: `The server at ${host}:${port} ${what}`,
    remedy: 'Check isolation.backend.database.url: host, port and sslmode.',
    status: 502,
  });
}
