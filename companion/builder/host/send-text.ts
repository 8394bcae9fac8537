import type { ServerResponse } from 'node:http';

/** Answers with a whole text. */
export function sendText(
  response: ServerResponse,
  status: number,
  type: string,
  body: string | Buffer,
  caching = 'no-store',
): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': caching,
    'x-content-type-options': 'nosniff',
  });
  response.end(body);
}
