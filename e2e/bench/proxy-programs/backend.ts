import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { reportTo } from './messages.ts';

/** JSON of so many bytes: text, so that the recording has as much to do as it ever has. */
const bodies = new Map(
  [1_000, 1_000_000].map((size) => [`/${size}`, Buffer.from(JSON.stringify('x'.repeat(size - 2)))]),
);

const server = createServer((request, response) => {
  const body = bodies.get(request.url ?? '');
  response.writeHead(body ? 200 : 404, {
    'content-type': 'application/json',
    'content-length': body?.length ?? 0,
  });
  response.end(body);
});
server.listen(0, '127.0.0.1', () => reportTo((server.address() as AddressInfo).port)); // TCP: never null or text
