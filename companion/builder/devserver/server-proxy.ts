import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isNavigation } from '../../proxy/pages.ts';
import { PodAgent } from '../../proxy/pod-agent.ts';
import type { Pod } from '../../runtimes/runtime.ts';
import { answerHead, nonceOf, policies } from './answer-head.ts';
import { InjectHead } from './inject-head.ts';
import { pageElement } from './page-script.ts';
import { handshakeHead, requestHead } from './request-head.ts';

/** Opening a connection inside the pod takes moments; one that hangs is no connection. */
const CONNECT_DEADLINE_MS = 10_000;

export interface ServerProxyParts {
  pod: Pod;
  port: number;
  /** The preview's origin. */
  origin: string;
  hasBackend: boolean;
}

/** Passes what browsers ask on to one run of a dev server, and its answers back as they come. */
export class ServerProxy {
  readonly #parts: ServerProxyParts;
  readonly #agent: PodAgent;
  readonly #sockets = new Set<Duplex>();

  constructor(parts: ServerProxyParts) {
    this.#parts = parts;
    this.#agent = new PodAgent(() => this.#connect());
  }

  /** WebSockets that are open. */
  get sockets(): number {
    return this.#sockets.size;
  }

  /** False, having touched nothing, when the server has nothing for the request and a backend may. Rejects when it broke off. */
  async handle(request: IncomingMessage, response: ServerResponse, onPage: () => void): Promise<boolean> {
    const wantsPage = isNavigation(request);
    const answer = await this.#forward(request, response, wantsPage);
    const { hasBackend, port, origin } = this.#parts;
    const status = answer.statusCode ?? 502;
    const isHtml = /^text\/html\b/i.test(answer.headers['content-type'] ?? '');
    if (hasBackend && !wantsPage && isForBackend(request, status, isHtml)) {
      answer.resume();
      return false;
    }
    const head = answerHead(answer.headers, { port, origin });
    const theirs = [answer.headers['content-security-policy']].flat().join(',') || undefined;
    const own = response.getHeader('content-security-policy');
    const webSocketOrigin = origin.replace(/^http/, 'ws');
    // Both hold: a field that is there twice.
    if (own !== undefined)
      response.setHeader('content-security-policy', policies(String(own), theirs, webSocketOrigin));
    // Without a referrer a form's request would come without an origin as well, and be nobody's.
    head['referrer-policy'] ??= 'same-origin';
    const isPlain = (answer.headers['content-encoding'] ?? 'identity') === 'identity';
    if (!(wantsPage && isHtml && isPlain))
      return relay(answer, response, () => response.writeHead(status, head));
    for (const name of ['content-length', 'etag', 'last-modified', 'accept-ranges']) delete head[name];
    head['cache-control'] = 'no-store';
    onPage();
    response.writeHead(status, head).flushHeaders();
    if (request.method === 'HEAD') return relay(answer, response, () => undefined);
    // A browser that went away is no fault; a server that did ends the answer.
    await pipeline(answer, new InjectHead(pageElement(nonceOf(theirs))), response).catch(() =>
      response.destroy(),
    );
    return true;
  }

  /** Takes over a WebSocket handshake: from now on bytes go both ways as they are. */
  async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const server = await this.#connect();
    if (socket.destroyed) return void server.destroy();
    this.#sockets.add(socket);
    const end = () => {
      this.#sockets.delete(socket);
      server.destroy();
      socket.destroy();
    };
    for (const side of [server, socket]) side.on('error', end).on('close', end);
    server.write(handshakeHead(request));
    if (head.length > 0) server.write(head);
    server.pipe(socket).pipe(server);
  }

  /** Ends the connections to a server that is gone. */
  close(): void {
    this.#agent.destroy();
    for (const socket of this.#sockets) socket.destroy();
  }

  #connect(): Promise<Duplex> {
    return this.#parts.pod.connect(this.#parts.port, AbortSignal.timeout(CONNECT_DEADLINE_MS));
  }

  #forward(request: IncomingMessage, response: ServerResponse, wantsPage: boolean): Promise<IncomingMessage> {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const sent = httpRequest({
      agent: this.#agent,
      host: 'devserver',
      method: request.method,
      path: request.url,
      headers: requestHead(request, wantsPage),
    });
    sent.on('response', resolve).on('error', reject);
    // An event stream ends with the page that listens.
    response.once('close', () => sent.destroy());
    request.pipe(sent);
    return promise;
  }
}

/** A script asked for what is not there, or got the app's page in place of it. */
function isForBackend({ method, url = '/' }: IncomingMessage, status: number, isHtml: boolean): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false;
  const isFallback = isHtml && status === 200 && !/\.html?$/.test(url.split('?', 1)[0] ?? '');
  return status === 404 || isFallback;
}

async function relay(answer: IncomingMessage, response: ServerResponse, begin: () => void): Promise<true> {
  begin();
  response.flushHeaders();
  await pipeline(answer, response).catch(() => response.destroy());
  return true;
}
