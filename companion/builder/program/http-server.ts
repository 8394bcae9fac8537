import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Builder } from './builder.ts';
import { toBuildError } from './errors/build-error.ts';
import type { EventHub } from './event-hub.ts';

/** A checkout touches many files; a longer list is the companion's mistake. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** The builder's own server: only the companion reaches it, through the pod's gateway. */
export function createBuilderServer(builder: Builder, hub: EventHub, root: string): Server {
  return createServer((request, response) => {
    answer(builder, hub, request, response).catch((error: unknown) => {
      if (response.headersSent) return response.destroy();
      sendJson(response, 500, { error: toBuildError(error, root) });
    });
  });
}

async function answer(
  builder: Builder,
  hub: EventHub,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://builder');
  const [, route, ...rest] = url.pathname.split('/');
  const name = decodeURIComponent(rest.join('/'));
  switch (`${request.method} ${route}`) {
    case 'GET events':
      return hub.attach(response, builder.state);
    case 'GET page':
      return sendJson(response, 200, { page: await builder.page(url.searchParams.get('path') ?? '/') });
    case 'GET vendor':
      return sendText(response, await builder.vendor(name), 'text/javascript');
    case 'GET map':
      return sendText(response, await builder.sourceMap(`/${name}`), 'application/json');
    case 'POST changed':
      builder.changed(await readPaths(request));
      response.writeHead(204).end();
      return;
    default:
      response.writeHead(404).end();
  }
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function sendText(response: ServerResponse, text: string | null, type: string): void {
  if (text === null) response.writeHead(404).end();
  else response.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(text);
}

async function readPaths(request: IncomingMessage): Promise<string[]> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new Error(`A list of changed files over ${MAX_BODY_BYTES} bytes.`);
    chunks.push(chunk);
  }
  const { paths } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { paths?: unknown };
  if (!Array.isArray(paths)) throw new Error('Expected {"paths": […]}.');
  return paths.filter((path) => typeof path === 'string');
}
