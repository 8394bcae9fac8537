import {
  request as httpRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isNavigation } from '../../proxy/pages.ts';
import { PodAgent } from '../../proxy/pod-agent.ts';
import type { Pod } from '../../runtimes/runtime.ts';
import { isJavaScriptType, isWorkerRequest, watchedAnswer } from '../host/worker-script.ts';
import { answerHead, nonceOf, policies } from './answer-head.ts';
import { HeldSockets } from './held-sockets.ts';
import { isHotSocket, isHotStream } from './hot-sockets.ts';
import { InjectHead } from './inject-head.ts';
import { pageElement } from './page-script.ts';
import { type PodPort, podPortOf } from './pod-port.ts';
import { handshakeHead, requestHead } from './request-head.ts';

/** What is read of an answer that is no browser's, bytes: a source map of a large app has that much. */
const MAX_READ_BYTES = 48 * 1024 * 1024;
const READ_DEADLINE_MS = 5_000;
/** Opening a connection inside the pod takes moments; one that hangs is no connection. */
const CONNECT_DEADLINE_MS = 10_000;

export interface ServerProxyParts {
  pod: Pod;
  port: number;
  /** The preview's origin. */
  origin: string;
  hasBackend: boolean;
  backendPort?: number;
  hotReload: boolean;
  /** A page got this script. */
  onScript(path: string): void;
}

/** Passes what browsers ask on to one run of a dev server, and its answers back as they come. */
export class ServerProxy {
  readonly #parts: ServerProxyParts;
  readonly #agent: PodAgent;
  readonly #sockets = new Set<Duplex>();
  readonly #held = new HeldSockets();

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
    const isWorker = isWorkerRequest(request);
    const elsewhere = podPortOf(request);
    if (elsewhere) return this.#relayFrom(elsewhere, request, response);
    const answer = await this.#forward(request, response, wantsPage || isWorker);
    const { hasBackend, port, origin } = this.#parts;
    const status = answer.statusCode ?? 502;
    if (status < 400 && isScript(request, answer)) this.#parts.onScript(request.url ?? '/');
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
    if (isWorker && status === 200 && isPlain && isJavaScriptType(answer.headers['content-type']))
      return sendWorker(answer, response, head);
    if (!this.#parts.hotReload && isHotStream(request.url, answer.headers['content-type'])) {
      response.writeHead(status, head).flushHeaders();
      this.#held.hold(answer, response);
      return true;
    }
    if (!(wantsPage && isHtml && isPlain))
      return relay(answer, response, () => response.writeHead(status, head));
    for (const name of ['content-length', 'etag', 'last-modified', 'accept-ranges']) delete head[name];
    head['cache-control'] = 'no-store';
    onPage();
    response.writeHead(status, head).flushHeaders();
    if (request.method === 'HEAD') return relay(answer, response, () => undefined);
    // A browser that went away is no fault; a server that did ends the answer.
    await pipeline(
      answer,
      new InjectHead(pageElement(nonceOf(theirs), port, this.#parts.backendPort)),
      response,
    ).catch(() => response.destroy());
    return true;
  }

  /** What the server has at an address, for the companion itself; null for what is not there, or too large. */
  async read(path: string): Promise<Buffer | null> {
    const { origin } = this.#parts;
    const signal = AbortSignal.timeout(READ_DEADLINE_MS);
    const headers = { host: new URL(origin).host, accept: '*/*' };
    const sent = httpRequest({ agent: this.#agent, host: 'devserver', path, headers, signal });
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    sent.on('response', resolve).on('error', reject).end();
    const answer = await promise;
    if (answer.statusCode === 200) return wholeOf(answer, MAX_READ_BYTES);
    answer.destroy();
    return null;
  }

  /** Takes over a WebSocket handshake: from now on bytes go both ways as they are. */
  async upgrade(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    { port, path }: PodPort = { port: this.#parts.port, path: request.url ?? '/' },
  ): Promise<void> {
    const isHot = isHotSocket(request);
    const server = await this.#connect(port);
    if (socket.destroyed) return void server.destroy();
    this.#sockets.add(socket);
    const end = () => {
      this.#sockets.delete(socket);
      server.destroy();
      socket.destroy();
    };
    for (const side of [server, socket]) side.on('error', end).on('close', end);
    server.write(handshakeHead(request, path));
    if (head.length > 0) server.write(head);
    socket.pipe(server);
    if (this.#parts.hotReload || !isHot) return void server.pipe(socket);
    server.off('close', end);
    this.#held.hold(server, socket);
  }

  /** What another server of the pod has: LiveReload's script, the sources that Parcel shows beside an error. */
  async #relayFrom(
    { port, path }: PodPort,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<true> {
    const agent = new PodAgent(() => this.#connect(port));
    response.once('close', () => agent.destroy());
    const answer = await this.#forward(request, response, false, { agent, path });
    const head = answerHead(answer.headers, { port, origin: this.#parts.origin });
    return relay(answer, response, () => response.writeHead(answer.statusCode ?? 502, head));
  }

  /** Without hot reload, pages that are open stay as they are from now on. */
  filesChanged(): void {
    this.#held.mute();
  }

  /** Ends the connections to a server that is gone. */
  close(): void {
    this.#agent.destroy();
    for (const socket of this.#sockets) socket.destroy();
  }

  #connect(port = this.#parts.port): Promise<Duplex> {
    return this.#parts.pod.connect(port, AbortSignal.timeout(CONNECT_DEADLINE_MS));
  }

  #forward(
    request: IncomingMessage,
    response: ServerResponse,
    isAddedTo: boolean,
    { agent, path }: { agent: PodAgent; path?: string | undefined } = {
      agent: this.#agent,
      path: request.url,
    },
  ): Promise<IncomingMessage> {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const sent = httpRequest({
      agent,
      host: 'devserver',
      method: request.method,
      path,
      headers: requestHead(request, isAddedTo),
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

/** Also one that the browser has already. */
const isScript = ({ headers }: IncomingMessage, answer: IncomingMessage): boolean =>
  headers['sec-fetch-dest'] === 'script' || isJavaScriptType(answer.headers['content-type']);

async function sendWorker(
  answer: IncomingMessage,
  response: ServerResponse,
  head: OutgoingHttpHeaders,
): Promise<true> {
  const watched = await watchedAnswer(answer);
  if (watched === null) return relay(answer, response, () => response.writeHead(200, head));
  for (const name of ['etag', 'last-modified', 'accept-ranges']) delete head[name];
  response.writeHead(200, { ...head, 'content-length': watched.length });
  response.end(watched);
  return true;
}

/** Null for what is too large. */
async function wholeOf(answer: IncomingMessage, maxBytes: number): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) return null; // which ends the request
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function relay(answer: IncomingMessage, response: ServerResponse, begin: () => void): Promise<true> {
  begin();
  response.flushHeaders();
  await pipeline(answer, response).catch(() => response.destroy());
  return true;
}
