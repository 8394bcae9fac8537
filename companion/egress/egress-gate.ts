import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { NetworkRequest } from '#shared/api/network.ts';
import type { NetworkLog } from '../proxy/network-log.ts';
import type { Recording } from '../proxy/recording/recording.ts';
import { refuseUnreadable } from '../proxy/refuse-unreadable.ts';
import { PlainRequest } from './plain-request.ts';
import { malformed, refusalBody } from './refusals.ts';
import { openTunnel } from './tunnel.ts';
import { WayOut, type WayOutOptions } from './way-out.ts';

/** Connections out of one sandbox at a time: an install asks for some dozens at once. */
const MAX_CONNECTIONS = 256;
/** A connection on which nothing is asked for this long is closed, be it new or kept. */
const IDLE_MS = 30_000;

export interface EgressGateOptions extends WayOutOptions {
  log: NetworkLog;
  /** The service at the other end of a connection, where that is known. */
  serviceOf?(connection: Duplex): string | undefined;
  maxConnections?: number;
  idleMs?: number;
}

/**
 * The HTTP proxy that is a sandbox's only way out: absolute-form requests and CONNECT, each judged by the policy of
 * that moment, each recorded. It has no port of its own; connections are given to it.
 */
export class EgressGate {
  readonly #options: EgressGateOptions;
  readonly #wayOut: WayOut;
  readonly #connections = new Map<Duplex, IdleTimer>();
  readonly #server: Server;

  constructor(options: EgressGateOptions) {
    this.#options = options;
    this.#wayOut = new WayOut(options);
    this.#server = createServer({ requestTimeout: 0, headersTimeout: 0, keepAliveTimeout: 0 });
    this.#server.on('request', this.#request);
    this.#server.on('connect', this.#connect);
    this.#server.on('upgrade', this.#upgrade);
    this.#server.on('clientError', refuseUnreadable);
  }

  /** Takes over a connection that something in the sandbox opened. */
  accept(connection: Duplex): void {
    connection.on('error', () => connection.destroy());
    const { maxConnections = MAX_CONNECTIONS, idleMs = IDLE_MS } = this.#options;
    if (this.#connections.size >= maxConnections) {
      connection.end('HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\nconnection: close\r\n\r\n');
      connection.resume();
      return;
    }
    const idle = new IdleTimer(() => connection.destroy(), idleMs);
    this.#connections.set(connection, idle);
    connection.once('close', () => {
      idle.stop();
      this.#connections.delete(connection);
    });
    this.#server.emit('connection', connection);
  }

  /** Call it when the policy allows less than before: what is open and not allowed any more is cut. */
  policyChanged(): void {
    this.#wayOut.policyChanged();
  }

  /** Cuts everything. */
  close(): void {
    for (const connection of [...this.#connections.keys()]) connection.destroy();
  }

  readonly #request = (request: IncomingMessage, response: ServerResponse): void => {
    const idle = this.#connections.get(request.socket);
    idle?.stop();
    response.once('close', () => request.socket.destroyed || idle?.start());
    const recording = this.#record(request, 'http');
    void new PlainRequest(request, response, recording, this.#wayOut).run();
  };

  readonly #connect = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    this.#connections.get(socket)?.stop();
    void openTunnel(request, socket, head, this.#record(request, 'tunnel'), this.#wayOut);
  };

  /** Clients open WebSockets through CONNECT, as RFC 6455 §4.1 has it for proxies. */
  readonly #upgrade = (request: IncomingMessage, socket: Duplex): void => {
    const error = malformed('A connection is not switched to another protocol here.');
    this.#record(request, 'websocket').end({ status: error.status, error: error.message });
    const { type, body } = refusalBody(request, error);
    socket.end(
      `HTTP/1.1 400 Bad Request\r\ncontent-type: ${type}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
    );
  };

  #record(request: IncomingMessage, kind: NetworkRequest['kind']): Recording {
    return this.#options.log.begin({
      method: request.method ?? '',
      url: request.url ?? '',
      kind,
      initiator: 'backend',
      httpVersion: `HTTP/${request.httpVersion}`,
      rawHeaders: request.rawHeaders,
      service: this.#options.serviceOf?.(request.socket),
    });
  }
}

/** Runs while a connection is asked for nothing. */
class IdleTimer {
  readonly #onIdle: () => void;
  readonly #idleMs: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(onIdle: () => void, idleMs: number) {
    this.#onIdle = onIdle;
    this.#idleMs = idleMs;
    this.start();
  }

  start(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#onIdle, this.#idleMs).unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
