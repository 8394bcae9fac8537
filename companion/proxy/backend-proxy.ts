import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { createProxyServer, type ProxyServer } from 'http-proxy';
import type { BackendTarget } from './backend-target.ts';
import { type CorsLines, OWN_CORS } from './cors.ts';
import { Exchange, type ForwardingParts, type PageElement } from './exchange.ts';
import { handshakeFault, refuseUpgrade } from './handshake.ts';
import type { NetworkLog } from './network-log.ts';
import { sendPage } from './pages.ts';
import type { Recording } from './recording/recording.ts';
import { Replicas } from './replicas.ts';
import { SocketExchange } from './socket-exchange.ts';
import { isLoop } from './via.ts';
import { WaitingRoom } from './waiting-room.ts';

export interface BackendProxyOptions {
  target: BackendTarget;
  /** The environment's secret, added as X-Isolated-Auth. */
  secret: string;
  network: NetworkLog;
  /** See {@link ForwardingParts}. */
  frontendPort?: number;
}

/** Forwards requests and WebSockets of one preview origin to its backend, and records them. */
export class BackendProxy {
  readonly #network: NetworkLog;
  readonly #parts: ForwardingParts;

  constructor({ target, secret, network, frontendPort }: BackendProxyOptions) {
    this.#network = network;
    this.#parts = {
      target,
      secret,
      frontendPort,
      replicas: new Replicas(),
      room: new WaitingRoom(),
      proxy: this.#createProxy(),
    };
  }

  /**
   * `cors` goes with the answer: who may read it. `path`: what the backend is asked for, where that differs. `pageElement`:
   * what is put into the head of a page.
   */
  forward(
    request: IncomingMessage,
    response: ServerResponse,
    cors: CorsLines = OWN_CORS,
    path = request.url,
    pageElement?: PageElement,
  ): void {
    const recording = this.#record(request, 'http');
    request.url = path;
    if (isLoop(request.headers.via)) {
      recording.end({ status: 508, error: LOOP.message });
      return sendPage(request, response, 508, LOOP);
    }
    const exchange = new Exchange(request, response, this.#parts, recording, cors, pageElement);
    exchangeOf.set(request, exchange);
    exchange.run();
  }

  /** Takes over a WebSocket handshake. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, path = request.url): void {
    const recording = this.#record(request, 'websocket');
    request.url = path;
    const fault = isLoop(request.headers.via)
      ? { status: 508, reason: LOOP.message }
      : handshakeFault(request);
    if (fault) {
      recording.end({ status: fault.status, error: fault.reason });
      return refuseUpgrade(socket, fault.status, {
        code: 'HANDSHAKE_REFUSED',
        message: fault.reason,
        remedy: 'Open the connection with a browser’s WebSocket or a client of version 13.',
      });
    }
    const exchange = new SocketExchange(request, socket, head, this.#parts, recording);
    exchangeOf.set(request, exchange);
    void exchange.run();
  }

  /** Ends the connections kept open; those in use end with the pod. */
  close(): void {
    this.#parts.replicas.close();
  }

  #record(request: IncomingMessage, kind: 'http' | 'websocket'): Recording {
    return this.#network.begin({
      method: request.method ?? 'GET',
      url: request.url ?? '/',
      kind,
      initiator: 'browser',
      httpVersion: `HTTP/${request.httpVersion}`,
      rawHeaders: request.rawHeaders,
    });
  }

  #createProxy(): ProxyServer {
    const proxy = createProxyServer({
      // The host is never looked up: the agents' connections lead into the pod.
      target: { protocol: 'http:', host: 'backend.invalid', port: 80 },
      toProxy: true, // the path as it came, not as a URL parser would write it
      selfHandleResponse: true,
    });
    // Last before the library sends: one of its own passes frames a DELETE in chunks as empty and then sends the
    // chunks behind it, where the backend takes them for another request (attack 22).
    proxy.before('web', 'stream', (request) => this.#setHeaders(request));
    proxy.before('ws', 'stream', (request) => this.#setHeaders(request));
    proxy.on('proxyReq', (upstream, request) => exchangeOf.get(request)?.sending(upstream));
    proxy.on('proxyReqWs', (upstream, request) => exchangeOf.get(request)?.sending(upstream));
    proxy.on('proxyRes', (answer, request) => {
      const exchange = exchangeOf.get(request);
      if (exchange instanceof Exchange) exchange.answered(answer);
    });
    // Exchanges are told by their own callbacks; this is for a socket that broke before, whose `close` tells.
    proxy.on('error', () => undefined);
    return proxy;
  }

  #setHeaders(request: IncomingMessage): undefined {
    const exchange = exchangeOf.get(request);
    if (exchange) request.headers = exchange.headers;
  }
}

const EXCHANGE = Symbol('exchange');
interface ForwardedRequest extends IncomingMessage {
  [EXCHANGE]?: Exchange | SocketExchange;
}

/** The library names requests in its events. A property, because a WeakMap of thousands slows collections down. */
const exchangeOf = {
  get: (request: ForwardedRequest) => request[EXCHANGE],
  set: (request: ForwardedRequest, exchange: Exchange | SocketExchange) => {
    request[EXCHANGE] = exchange;
  },
};

const LOOP = {
  code: 'LOOP_DETECTED',
  message: 'This request has come through this preview before, again and again.',
  remedy: 'Let the backend ask its own port, not the preview’s address.',
};
