import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { PREVIEW_COOKIE, withoutCookies } from '../security/cookies.ts';
import { connectionOptions, endsHere } from './hop-by-hop.ts';
import { withVia } from './via.ts';

/** Said by this proxy alone: what a browser or another proxy said of them is not passed on. */
const OURS = new Set(['forwarded', 'x-real-ip', 'x-isolated-auth', 'expect']);
const COMPRESSION_EXTENSION = /^(permessage-deflate|x-webkit-deflate-frame)\b/i;

/**
 * The headers a backend gets. X-Forwarded-For, -Host, -Port and -Proto say who asked us; whatever was there is
 * replaced, because nobody in front of this proxy is trusted (attack 12), and `Forwarded` is left out rather than
 * said twice. Host stays the preview's, so that links a backend builds from it are right. `Expect` ends here: Node
 * has answered it.
 */
export function backendHeaders(request: IncomingMessage, secret: string): IncomingHttpHeaders {
  const given = request.headers;
  const options = connectionOptions(given.connection);
  const headers: IncomingHttpHeaders = {};
  for (const name in given) {
    if (endsHere(name, options) || OURS.has(name) || name.startsWith('x-forwarded-')) continue;
    headers[name] = given[name];
  }
  if (given.cookie !== undefined && headers.cookie !== undefined) {
    const cookie = withoutCookies(given.cookie, [PREVIEW_COOKIE]);
    if (cookie === undefined) delete headers.cookie;
    else headers.cookie = cookie;
  }
  if (given['transfer-encoding'] !== undefined) {
    // Node has taken the chunks apart, and frames them anew. It refuses a length beside them.
    headers['transfer-encoding'] = 'chunked';
    delete headers['content-length'];
  }
  if (typeof given.te === 'string' && /(^|,)\s*trailers\s*(,|$)/i.test(given.te)) {
    headers.te = 'trailers';
    headers.connection = 'te';
  }
  const host = given.host ?? '';
  headers['x-forwarded-for'] = addressOf(request);
  headers['x-forwarded-host'] = host;
  headers['x-forwarded-port'] = host.slice(host.lastIndexOf(':') + 1);
  headers['x-forwarded-proto'] = 'http';
  headers['x-isolated-auth'] = secret;
  headers.via = withVia(given.via, request.httpVersion);
  return headers;
}

/**
 * As {@link backendHeaders} for a WebSocket handshake. Compression is not offered to the backend: between two
 * processes of one machine it only costs, and without it frames can be shown (an intermediary may do so, RFC 7692 §5).
 */
export function handshakeHeaders(request: IncomingMessage, secret: string): IncomingHttpHeaders {
  const headers = backendHeaders(request, secret);
  headers.connection = 'Upgrade';
  headers.upgrade = 'websocket';
  const offered = headers['sec-websocket-extensions'];
  if (offered !== undefined) {
    const kept = offered.split(',').filter((extension) => !COMPRESSION_EXTENSION.test(extension.trim()));
    if (kept.length > 0) headers['sec-websocket-extensions'] = kept.join(',').trim();
    else delete headers['sec-websocket-extensions'];
  }
  return headers;
}

function addressOf({ socket }: IncomingMessage): string {
  return (socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/, '');
}
