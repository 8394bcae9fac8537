import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { toVitrineError, type VitrineError } from '#shared/errors.ts';
import type { Recording } from '../proxy/recording/recording.ts';
import { isLoop } from '../proxy/via.ts';
import { splice } from '../runtimes/gateway/splice.ts';
import { loop, refusalBody } from './refusals.ts';
import { tunnelTarget } from './request-target.ts';
import type { WayOut } from './way-out.ts';

/** How often those who watch a tunnel are told how far it is, by bytes. */
const PROGRESS_BYTES = 256 * 1024;

/** Takes over a CONNECT: bytes pass both ways, counted, until either side ends it. Resolves when it stands or is refused. */
export async function openTunnel(
  request: IncomingMessage,
  client: Duplex,
  head: Buffer,
  recording: Recording,
  wayOut: WayOut,
): Promise<void> {
  const gone = new AbortController();
  const abort = () => gone.abort(new Error('The sandbox went away.'));
  let breakage: string | undefined;
  client.on('error', () => client.destroy());
  client.once('close', abort);
  try {
    if (isLoop(request.headers.via)) throw loop();
    const upstream = await wayOut.open(tunnelTarget(request), gone.signal, () => {
      breakage = 'The host is not allowed any more.';
      client.destroy();
    });
    client.off('close', abort);
    if (client.destroyed) {
      upstream.destroy();
      return recording.end({ error: breakage ?? 'The sandbox went away.' });
    }
    recording.connected();
    recording.responseHead(200, 'Connection established', []);
    client.write('HTTP/1.1 200 Connection established\r\n\r\n');
    if (head.length > 0) client.unshift(head); // so that it is counted
    count(client, (chunk) => recording.socketSent(chunk), recording);
    count(upstream, (chunk) => recording.socketReceived(chunk), recording);
    splice(client, upstream, () => recording.end({ error: breakage }));
  } catch (error) {
    refuse(request, client, recording, toVitrineError(error));
  }
}

function count(stream: Duplex, add: (chunk: Buffer) => void, recording: Recording): void {
  let untold = 0;
  stream.on('data', (chunk: Buffer) => {
    add(chunk);
    untold += chunk.length;
    if (untold < PROGRESS_BYTES) return;
    untold = 0;
    recording.progressed();
  });
}

function refuse(request: IncomingMessage, client: Duplex, recording: Recording, error: VitrineError): void {
  const { code, message, status } = error;
  recording.responseHead(status, '', []);
  recording.end({ error: message, isBlocked: code === 'EGRESS_BLOCKED' });
  const { type, body } = refusalBody(request, error);
  client.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}\r\ncontent-type: ${type}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
  client.resume();
}
