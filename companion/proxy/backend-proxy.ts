import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { createProxyServer, type ProxyServer } from 'http-proxy';
import type { NetworkRequest } from '#shared/api/network.ts';
import { PREVIEW_COOKIE, withoutCookies } from '../security/cookies.ts';
import { adaptSetCookie } from './backend-cookies.ts';
import type { NetworkLog } from './network-log.ts';
import { sendPage } from './pages.ts';
import { PodAgent } from './pod-agent.ts';

export interface BackendTarget {
  /** A connection to the backend; waits, bounded, while it starts. */
  connect(): Promise<Duplex>;
  /** The environment's secret, added as X-Isolated-Auth. */
  secret: string;
  network: NetworkLog;
}

/** Forwards requests and WebSockets of one preview origin to its backend. */
export class BackendProxy {
  readonly #target: BackendTarget;
  readonly #agent: PodAgent;
  readonly #proxy: ProxyServer;
  readonly #records = new WeakMap<IncomingMessage, NetworkRequest>();

  constructor(target: BackendTarget) {
    this.#target = target;
    this.#agent = new PodAgent(() => target.connect());
    this.#proxy = createProxyServer({
      // The host is never looked up: the agent's connections lead into the pod.
      target: 'http://backend.invalid',
      agent: this.#agent,
      changeOrigin: false,
      xfwd: true,
    });
    this.#proxy.on('proxyRes', (answer, request) => this.#noteAnswer(answer, request));
  }

  forward(request: IncomingMessage, response: ServerResponse): void {
    const record = this.#target.network.begin(request.method ?? 'GET', request.url ?? '/', 'http');
    this.#records.set(request, record);
    this.#prepare(request);
    response.on('close', () => {
      const finished = response.writableFinished;
      this.#target.network.end(record, {
        status: response.headersSent ? response.statusCode : undefined,
        error: finished ? undefined : 'the browser went away before the response ended',
      });
    });
    this.#proxy.web(request, response, {}, (error) => {
      this.#target.network.end(record, { error: error.message });
      sendPage(request, response, 502, {
        code: 'BACKEND_UNREACHABLE',
        message: `The backend of this preview did not answer: ${error.message}`,
        remedy: 'Look at its log in the workbench’s console; it is started again when its files change.',
      });
    });
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const record = this.#target.network.begin('GET', request.url ?? '/', 'websocket');
    this.#prepare(request);
    socket.on('close', () => this.#target.network.end(record, { status: 101 }));
    this.#proxy.ws(request, socket, head, {}, (error) => {
      this.#target.network.end(record, { error: error.message });
      socket.destroy();
    });
  }

  /** Ends the connections kept open; those in use end with the pod. */
  close(): void {
    this.#agent.destroy();
    this.#proxy.close();
  }

  #prepare(request: IncomingMessage): void {
    request.headers['x-isolated-auth'] = this.#target.secret;
    const cookie = withoutCookies(request.headers.cookie, [PREVIEW_COOKIE]);
    if (cookie === undefined) delete request.headers.cookie;
    else request.headers.cookie = cookie;
  }

  #noteAnswer(answer: IncomingMessage, request: IncomingMessage): void {
    const cookies = answer.headers['set-cookie'];
    if (cookies) answer.headers['set-cookie'] = cookies.map(adaptSetCookie);
    const record = this.#records.get(request);
    if (!record) return;
    record.requestBytes = Number(request.headers['content-length'] ?? 0);
    answer.on('data', (chunk: Buffer) => {
      record.responseBytes += chunk.length;
    });
  }
}
