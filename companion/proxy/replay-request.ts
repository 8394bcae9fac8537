import { request as httpRequest } from 'node:http';
import { VitrineError } from '#shared/errors.ts';
import { connectionOptions, endsHere } from './hop-by-hop.ts';
import { headerOf } from './recording/header-lines.ts';
import type { WholeRequest } from './recording/told-of-request.ts';

/** What the connection and the length of this sending decide. */
const MADE_ANEW = new Set(['host', 'content-length', 'expect', 'trailer']);
/** An answer is recorded like any other; whoever asked for the replay waits for no more of it. Bytes. */
const MAX_READ_BYTES = 8 * 1024 * 1024;

/**
 * Sends a page's request once more, through the preview's own front door: it is let in, routed and recorded as the
 * first one was. It goes to this companion's port and nowhere else, whatever the request says.
 */
export function replayRequest(
  { method, url, rawHeaders, body }: WholeRequest,
  { port, host }: { port: number; host: string },
  signal: AbortSignal,
): Promise<{ status: number }> {
  return new Promise((resolve, reject) => {
    const headers = ['Host', host, ...repeatable(rawHeaders)];
    if (body.length > 0) headers.push('Content-Length', String(body.length));
    const sent = httpRequest({ host: '127.0.0.1', port, method, path: url, headers, signal, agent: false });
    sent.on('error', (cause) => reject(notReplayed(cause)));
    sent.on('response', (answer) => {
      let read = 0;
      answer.on('data', (chunk: Buffer) => {
        read += chunk.length;
        if (read > MAX_READ_BYTES) answer.destroy();
      });
      // One that breaks off has been answered all the same.
      answer.on('error', () => undefined);
      answer.on('close', () => resolve({ status: answer.statusCode ?? 0 }));
    });
    sent.end(body);
  });
}

/** The header lines as they came, without those of the connection they came over. */
function repeatable(rawHeaders: readonly string[]): string[] {
  const kept: string[] = [];
  const options = connectionOptions(headerOf(rawHeaders, 'connection'));
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = [rawHeaders[at], rawHeaders[at + 1]];
    const lower = name.toLowerCase();
    if (!MADE_ANEW.has(lower) && !endsHere(lower, options)) kept.push(name, value);
  }
  return kept;
}

const notReplayed = (cause: Error) =>
  new VitrineError({
    code: 'REPLAY_FAILED',
    message: `The request was sent again and not answered: ${cause.message}.`,
    remedy: 'Look at the backend’s log in the console.',
    status: 502,
    cause,
  });
