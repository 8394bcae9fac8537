import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { frameToCompanionSchema } from '#shared/frame/live.ts';
import { MAX_FRAME_MESSAGE_BYTES } from '#shared/frame/page.ts';
import type { Told } from './live-server.ts';
import { RateLimit } from './rate-limit.ts';

/** Workers of one environment that tell something at the same time. */
const MAX_WORKERS = 50;
const MAX_MESSAGES_PER_SECOND = 200;
/** A worker closes its connection when it has nothing to tell; one that does not is gone. */
const SILENT_MS = 60_000;
const ID = /[?&]id=([\w-]{1,64})(?:&|$)/;

/** The connections over which workers of an environment's pages tell what they print and ask. */
export class WorkerLinks {
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_MESSAGE_BYTES });
  readonly #onMessage: (message: Told, workerId: string) => void;

  constructor(onMessage: (message: Told, workerId: string) => void) {
    this.#onMessage = onMessage;
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const id = ID.exec(request.url ?? '')?.[1];
    if (id === undefined || this.#server.clients.size >= MAX_WORKERS) {
      socket.end('HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (worker) => this.#welcome(worker, id));
  }

  close(): void {
    for (const worker of this.#server.clients) worker.terminate();
    this.#server.close();
  }

  #welcome(worker: WebSocket, id: string): void {
    const limit = new RateLimit(MAX_MESSAGES_PER_SECOND);
    const silence = setTimeout(() => worker.terminate(), SILENT_MS);
    silence.unref();
    worker.on('error', () => worker.terminate());
    worker.on('close', () => clearTimeout(silence));
    worker.on('message', (data, isBinary) => {
      silence.refresh();
      const message = isBinary ? null : parse(String(data));
      if (message === null) return worker.close(1008, 'Not what a worker tells.');
      if (limit.take()) this.#onMessage(message, id);
    });
  }
}

function parse(text: string): Told | null {
  try {
    const message = frameToCompanionSchema.parse(JSON.parse(text));
    return message.type === 'console' || message.type === 'requests' ? message : null;
  } catch {
    return null; // an attempt's worker may send anything
  }
}
