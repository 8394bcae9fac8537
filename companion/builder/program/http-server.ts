import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { BUILDER_PATH, UNTAKEN_HEADER } from '#shared/frame/page.ts';
import type { LoadRequest } from '../protocol.ts';
import type { Builder } from './builder.ts';
import { toBuildError } from './errors/build-error.ts';
import type { EventHub } from './event-hub.ts';
import type { LoadedModule } from './vite/resume.ts';

/** A checkout touches many files; a longer list is the companion's mistake. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** The builder's own server: only the companion reaches it, through the pod's gateway. */
export function createBuilderServer(builder: Builder, hub: EventHub, root: string): Server {
  const server = createServer((request, response) => {
    answer(builder, hub, request, response).catch((error: unknown) => {
      if (response.headersSent) return response.destroy();
      sendJson(response, 500, { error: toBuildError(error, root) });
    });
  });
  // A connection that is closed for being idle may be closed in the moment it is used again; the companion keeps few.
  server.keepAliveTimeout = 0;
  server.on('upgrade', (request, socket, head) => {
    builder.pipeline().then(
      (pipeline) => (pipeline?.upgrade ? pipeline.upgrade(request, socket, head) : socket.destroy()),
      () => socket.destroy(),
    );
  });
  return server;
}

async function answer(
  builder: Builder,
  hub: EventHub,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!request.url?.startsWith(BUILDER_PATH)) return serve(builder, request, response);
  const url = new URL(request.url, 'http://builder');
  const [route, ...rest] = url.pathname.slice(BUILDER_PATH.length).split('/');
  const name = decodeURIComponent(rest.join('/'));
  switch (`${request.method} ${route}`) {
    case 'GET events':
      return hub.attach(response, builder.state);
    case 'GET page':
      return sendJson(response, 200, { page: await builder.page(url.searchParams.get('path') ?? '/') });
    case 'GET vendor':
      return sendText(
        response,
        (await (await builder.pipeline())?.vendor?.(name)) ?? null,
        'text/javascript',
      );
    case 'GET packages': {
      const packages = await (await builder.pipeline())?.sharedPackages?.(name);
      return sendText(response, packages ? JSON.stringify(packages) : null, 'application/json');
    }
    case 'GET rewrite': {
      const asked = url.searchParams.get('url') ?? '/';
      return sendJson(response, 200, { url: (await builder.pipeline())?.rewrite?.(asked) ?? asked });
    }
    case 'POST stack': {
      const { stack } = (await readBody(request)) as { stack: string };
      const mapped = await (await builder.pipeline())?.mapStack?.(stack);
      return sendJson(response, 200, { stack: mapped ?? stack });
    }
    case 'POST resume': {
      const { modules } = (await readBody(request)) as { modules: LoadedModule[] };
      const pipeline = await builder.pipeline();
      return sendJson(
        response,
        200,
        (await pipeline?.resume?.(modules)) ?? { changed: [], isOutdated: false },
      );
    }
    case 'POST load': {
      const asked = (await readBody(request)) as LoadRequest;
      const pipeline = await builder.pipeline();
      if (pipeline?.load) return pipeline.load(asked, response);
      response.writeHead(404).end();
      return;
    }
    case 'POST current': {
      const { modules } = (await readBody(request)) as { modules: LoadedModule[] };
      const pipeline = await builder.pipeline();
      return sendJson(response, 200, { urls: (await pipeline?.current?.(modules)) ?? [] });
    }
    case 'POST changed':
      builder.changed(await readPaths(request));
      response.writeHead(204).end();
      return;
    default:
      response.writeHead(404).end();
  }
}

/** A browser's request, as it came. */
async function serve(builder: Builder, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const pipeline = await builder.pipeline();
  if (pipeline?.serve) pipeline.serve(request, response);
  else response.writeHead(pipeline === null ? 503 : 404, { [UNTAKEN_HEADER]: '1' }).end();
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function sendText(response: ServerResponse, text: string | null, type: string): void {
  if (text === null) response.writeHead(404).end();
  else response.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(text);
}

async function readPaths(request: IncomingMessage): Promise<string[]> {
  const { paths } = (await readBody(request)) as { paths?: unknown };
  if (!Array.isArray(paths)) throw new Error('Expected {"paths": […]}.');
  return paths.filter((path) => typeof path === 'string');
}

/** The companion is the only one who asks. */
async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new Error(`A request of more than ${MAX_BODY_BYTES} bytes.`);
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}
