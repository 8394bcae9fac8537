import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { connectionOptions, endsHere } from '../../proxy/hop-by-hop.ts';
import { PREVIEW_COOKIE, withoutCookies } from '../../security/cookies.ts';

/**
 * A browser's header fields for the dev server. Host stays what the browser asked for: frameworks compare it with
 * Origin, and make their links of it.
 */
export function requestHead(request: IncomingMessage, isAddedTo: boolean): OutgoingHttpHeaders {
  const options = connectionOptions(request.headers.connection);
  const head: OutgoingHttpHeaders = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (!endsHere(name, options)) head[name] = value;
  }
  setCookies(head, request);
  // Something is put into it: it has to come as text, and whole.
  if (isAddedTo) {
    for (const name of ['accept-encoding', 'if-none-match', 'if-modified-since', 'range']) delete head[name];
  }
  return head;
}

/** The first lines of a WebSocket handshake for the dev server. */
export function handshakeHead(request: IncomingMessage, path: string): string {
  const head: OutgoingHttpHeaders = { ...request.headers };
  setCookies(head, request);
  const fields = Object.entries(head).flatMap(([name, value]) =>
    [value ?? []].flat().map((each) => `${name}: ${each}`),
  );
  return `GET ${path} HTTP/1.1\r\n${fields.join('\r\n')}\r\n\r\n`;
}

/** The preview's own cookie is not the app's to know. */
function setCookies(head: OutgoingHttpHeaders, request: IncomingMessage): void {
  const cookie = withoutCookies(request.headers.cookie, [PREVIEW_COOKIE]);
  if (cookie === undefined) delete head.cookie;
  else head.cookie = cookie;
}
