import { type IncomingMessage, type OutgoingHttpHeaders, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { toVitrineError } from '#shared/errors.ts';
import { holdEarlyBytes } from '../../proxy/early-bytes.ts';
import { handshakeFault, refuseUpgrade } from '../../proxy/handshake.ts';
import type { NetworkLog } from '../../proxy/network-log.ts';
import type { Recording } from '../../proxy/recording/recording.ts';
import { PREVIEW_COOKIE, withoutCookies } from '../../security/cookies.ts';
import type { BuilderClient } from './builder-client.ts';

export interface AppSocketsParts {
  /** The running builder, or the next one. */
  client(): Promise<BuilderClient>;
  network: Pick<NetworkLog, 'begin'>;
}

/** WebSockets of pages that the project's dev server takes: those of its plugins, and what it proxies itself. */
export class AppSockets {
  readonly #parts: AppSocketsParts;
  readonly #open = new Set<Duplex>();

  constructor(parts: AppSocketsParts) {
    this.#parts = parts;
  }

  /** How many there are. */
  get size(): number {
    return this.#open.size;
  }

  /** Takes over a handshake; from its answer on, bytes go both ways as they are. */
  async pass(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const recording = this.#record(request);
    const gone = new AbortController();
    this.#open.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      this.#open.delete(socket);
      gone.abort(new Error('The browser went away.'));
      recording.end({});
    });
    if (head.length > 0) socket.unshift(head);
    const putBack = holdEarlyBytes(socket);
    try {
      const fault = handshakeFault(request);
      if (fault)
        return refuse(socket, recording, { status: fault.status, ...INVALID, message: fault.reason });
      const client = await this.#parts.client();
      const { answer, server } = await client.upgrade(request, headersFor(request), gone.signal);
      recording.responseHead(answer.statusCode ?? 502, answer.statusMessage ?? '', answer.rawHeaders);
      socket.write(headOf(answer));
      putBack();
      if (server) join(socket, server, recording);
      else answer.pipe(socket);
    } catch (error) {
      if (!socket.destroyed) refuse(socket, recording, toVitrineError(error));
    }
  }

  close(): void {
    for (const socket of this.#open) socket.destroy();
  }

  #record(request: IncomingMessage): Recording {
    const recording = this.#parts.network.begin({
      method: request.method ?? 'GET',
      url: request.url ?? '/',
      kind: 'websocket',
      initiator: 'browser',
      httpVersion: `HTTP/${request.httpVersion}`,
      rawHeaders: request.rawHeaders,
    });
    recording.sent();
    return recording;
  }
}

const INVALID = { code: 'HANDSHAKE_INVALID', remedy: 'Open a WebSocket as RFC 6455 has it.' };

function refuse(
  socket: Duplex,
  recording: Recording,
  { status, code, message, remedy }: { status: number; code: string; message: string; remedy: string },
): void {
  recording.responseHead(status, '', []);
  refuseUpgrade(socket, status, { code, message, remedy });
}

function join(socket: Duplex, server: Duplex, recording: Recording): void {
  recording.openFrames();
  socket.on('data', (chunk: Buffer) => recording.socketSent(chunk));
  server.on('data', (chunk: Buffer) => recording.socketReceived(chunk));
  server.on('error', () => server.destroy());
  server.once('close', () => socket.destroy());
  socket.once('close', () => server.destroy());
  socket.pipe(server).pipe(socket);
}

/** A browser's handshake as the dev server gets it: without the preview's own cookie. */
function headersFor({ headers }: IncomingMessage): OutgoingHttpHeaders {
  const { cookie: given, ...rest } = headers;
  const cookie = withoutCookies(given, [PREVIEW_COOKIE]);
  return { ...rest, ...(cookie !== undefined && { cookie }) };
}

/** The first lines of an answer, as they came. */
function headOf({ statusCode = 502, statusMessage, rawHeaders }: IncomingMessage): string {
  const lines = [`HTTP/1.1 ${statusCode} ${statusMessage || STATUS_CODES[statusCode] || ''}`];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2)
    lines.push(`${rawHeaders[at]}: ${rawHeaders[at + 1]}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}
