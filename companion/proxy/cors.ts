import type { IncomingMessage, ServerResponse } from 'node:http';

/** A browser asks again after this long, seconds. */
const PREFLIGHT_MAX_AGE_S = 600;

/** What an answer says of who may read it, as Node's raw lists are: name, value, name, value. */
export interface CorsLines {
  readonly lines: readonly string[];
  /** Whether another origin asked: what the backend says of that itself is replaced. */
  readonly isForeign: boolean;
}

/**
 * For the preview's own pages. An answer to them is kept by the browser's cache, and without Vary an allowed origin
 * would be given it, without the lines that let it read it.
 */
export const OWN_CORS: CorsLines = { lines: ['vary', 'Origin'], isForeign: false };

/** Lets an allowed origin read the answer, cookies and all. */
export const foreignCors = (origin: string): CorsLines => ({
  lines: [
    'access-control-allow-origin',
    origin,
    'access-control-allow-credentials',
    'true',
    ...OWN_CORS.lines,
  ],
  isForeign: true,
});

/** Sets the lines on an answer that is not the backend's. */
export function setCorsHeaders(response: ServerResponse, { lines }: CorsLines): void {
  for (let at = 0; at + 1 < lines.length; at += 2) response.setHeader(lines[at] ?? '', lines[at + 1] ?? '');
}

/** Answers a preflight of an allowed origin; false when the request is none. */
export function answerPreflight(request: IncomingMessage, response: ServerResponse, origin: string): boolean {
  const { headers } = request;
  const method = headers['access-control-request-method'];
  if (request.method !== 'OPTIONS' || method === undefined) return false;
  setCorsHeaders(response, foreignCors(origin));
  response.setHeader(
    'vary',
    'Origin, Access-Control-Request-Method, Access-Control-Request-Headers, Access-Control-Request-Private-Network',
  );
  response.setHeader('access-control-allow-methods', method);
  const wanted = headers['access-control-request-headers'];
  if (wanted !== undefined) response.setHeader('access-control-allow-headers', wanted);
  // A page of the internet asks a server of this machine (Private Network Access); the configuration names it.
  if (headers['access-control-request-private-network'] === 'true')
    response.setHeader('access-control-allow-private-network', 'true');
  response.setHeader('access-control-max-age', PREFLIGHT_MAX_AGE_S);
  response.writeHead(204);
  response.end();
  return true;
}
