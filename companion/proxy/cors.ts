import type { IncomingMessage, ServerResponse } from 'node:http';

/** A browser asks again after this long, seconds. */
const PREFLIGHT_MAX_AGE_S = 600;

/** Lets an allowed origin read the answer. */
export function setCorsHeaders(response: ServerResponse, origin: string): void {
  response.setHeader('access-control-allow-origin', origin);
  response.setHeader('access-control-allow-credentials', 'true');
  response.setHeader('vary', 'Origin');
}

/** Answers a preflight of an allowed origin; false when the request is none. */
export function answerPreflight(request: IncomingMessage, response: ServerResponse, origin: string): boolean {
  const method = request.headers['access-control-request-method'];
  if (request.method !== 'OPTIONS' || method === undefined) return false;
  setCorsHeaders(response, origin);
  response.setHeader('access-control-allow-methods', method);
  response.setHeader('access-control-allow-headers', request.headers['access-control-request-headers'] ?? '');
  response.setHeader('access-control-max-age', PREFLIGHT_MAX_AGE_S);
  response.writeHead(204);
  response.end();
  return true;
}
