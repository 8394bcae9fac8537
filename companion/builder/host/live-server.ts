import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import type { Evaluation } from '#shared/api/evaluate.ts';
import { type CompanionToFrame, type FrameToCompanion, frameToCompanionSchema } from '#shared/frame/live.ts';
import { MAX_FRAME_MESSAGE_BYTES } from '#shared/frame/page.ts';
import { isSameOrigin, PageQuestions } from './page-questions.ts';
import { RateLimit } from './rate-limit.ts';

/** A page that does not answer this long is gone. */
const PING_INTERVAL_MS = 30_000;
/** A page this far behind (bytes) is cut off; it comes back and catches up. */
const MAX_BEHIND_BYTES = 32 * 1024 * 1024;
/** Messages of one page: more are dropped. */
const MAX_MESSAGES_PER_SECOND = 1_000;
/** Pages of one environment at the same time. */
const MAX_PAGES = 50;

/** What a page tells by itself. */
export type Told = Exclude<FrameToCompanion, { type: 'hello' | 'evaluated' }>;
export type Hello = Extract<FrameToCompanion, { type: 'hello' }>;

export interface LiveHandlers {
  /** A page told what it runs; answers what it missed. `send` reaches it as long as it is connected. */
  onHello(hello: Hello, send: (message: CompanionToFrame) => void): CompanionToFrame[];
  /** A page's connection ended. */
  onGone(frameId: string): void;
  onMessage(message: Told, frameId: string): void;
  /** How many pages are open now: nobody has to build for none. */
  onPages(count: number): void;
}

/** The live sockets of an environment's pages. */
export class LiveServer {
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_MESSAGE_BYTES });
  readonly #handlers: LiveHandlers;
  /** Pages that said hello. */
  readonly #pages = new Set<WebSocket>();
  /** Asks pages of the preview's own origin: no other page gets to see what a person typed. */
  readonly #questions = new PageQuestions();
  readonly #silent = new WeakSet<WebSocket>();
  readonly #pings: NodeJS.Timeout;

  constructor(handlers: LiveHandlers) {
    this.#handlers = handlers;
    this.#pings = setInterval(() => this.#ping(), PING_INTERVAL_MS);
    this.#pings.unref();
  }

  /** Pages that are open. */
  get pages(): number {
    return this.#pages.size;
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.#server.clients.size >= MAX_PAGES) {
      socket.end('HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    const isOwn = isSameOrigin(request);
    this.#server.handleUpgrade(request, socket, head, (page) => this.#welcome(page, isOwn));
  }

  /** Runs a text in one open page. Rejects with a VitrineError where the page is not there or does not answer. */
  evaluate(frameId: string, source: string, signal: AbortSignal): Promise<Evaluation> {
    return this.#questions.ask(frameId, source, signal);
  }

  broadcast(messages: CompanionToFrame[]): void {
    for (const message of messages) {
      const text = JSON.stringify(message);
      for (const page of this.#pages) send(page, text);
    }
  }

  close(): void {
    clearInterval(this.#pings);
    for (const page of this.#server.clients) page.close(1001, 'The preview ended.');
    this.#server.close();
  }

  #welcome(page: WebSocket, isOwn: boolean): void {
    const limit = new RateLimit(MAX_MESSAGES_PER_SECOND);
    let frameId = '';
    page.on('error', () => page.terminate());
    page.on('pong', () => this.#silent.delete(page));
    page.on('close', () => {
      this.#questions.gone(page);
      if (!this.#pages.delete(page)) return;
      this.#handlers.onGone(frameId);
      this.#handlers.onPages(this.#pages.size);
    });
    page.on('message', (data, isBinary) => {
      const message = isBinary ? null : parse(String(data));
      if (message === null) return page.close(1008, 'Not a message of the live socket.');
      // Only what was asked is answered, so that a flood of lines cannot drown it.
      if (message.type === 'evaluated') return this.#questions.answered(page, message);
      if (!limit.take()) return;
      if (message.type !== 'hello')
        return frameId === '' ? undefined : this.#handlers.onMessage(message, frameId);
      frameId = message.frameId;
      const tell = (answer: CompanionToFrame) => send(page, JSON.stringify(answer));
      for (const missed of this.#handlers.onHello(message, tell)) tell(missed);
      this.#pages.add(page);
      if (isOwn) this.#questions.meet(frameId, page);
      this.#handlers.onPages(this.#pages.size);
    });
  }

  #ping(): void {
    for (const page of this.#server.clients) {
      if (this.#silent.has(page)) page.terminate();
      else {
        this.#silent.add(page);
        page.ping();
      }
    }
  }
}

function send(page: WebSocket, text: string): void {
  if (page.readyState !== WebSocket.OPEN) return;
  if (page.bufferedAmount > MAX_BEHIND_BYTES) page.terminate();
  else page.send(text);
}

function parse(text: string): FrameToCompanion | null {
  try {
    return frameToCompanionSchema.parse(JSON.parse(text));
  } catch {
    return null; // an attempt's page may send anything
  }
}
