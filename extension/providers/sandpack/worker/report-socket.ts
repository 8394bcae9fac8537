import { WORKER_PATH } from '#shared/frame/page.ts';
import { messagesOf } from '../driver/report-messages.ts';
import type { FrameReport } from '../frame-state.ts';

/** What is told in one such time travels together, ms. */
const GATHER_MS = 40;
/** A worker that has nothing to tell has no connection: one would keep a service worker from ending, ms. */
const IDLE_MS = 3_000;
const RETRY_MS = 1_000;
/** Kept while there is no connection; the oldest go first. */
const MAX_WAITING = 500;

/** Takes what a worker tells to the companion: a socket, which no service worker of the app sees. */
export class ReportSocket {
  readonly #id = crypto.randomUUID();
  // What the app puts in their place is not asked, and not told of.
  readonly #WebSocket = WebSocket;
  readonly #later = setTimeout.bind(globalThis);
  readonly #forget = clearTimeout.bind(globalThis);
  #socket: WebSocket | null = null;
  #waiting: FrameReport[] = [];
  #gathering: ReturnType<typeof setTimeout> | undefined;
  #idle: ReturnType<typeof setTimeout> | undefined;

  report(entry: FrameReport): void {
    this.#waiting.push(entry);
    if (this.#waiting.length > MAX_WAITING) this.#waiting.shift();
    this.#flushIn(GATHER_MS);
  }

  #flushIn(ms: number): void {
    this.#gathering ??= this.#later(() => {
      this.#gathering = undefined;
      this.#flush();
    }, ms);
  }

  #flush(): void {
    const socket = this.#socket;
    if (socket === null) return this.#connect();
    if (socket.readyState !== socket.OPEN) return;
    for (const message of messagesOf(this.#waiting)) socket.send(JSON.stringify(message));
    this.#waiting = [];
    this.#forget(this.#idle);
    this.#idle = this.#later(() => socket.close(), IDLE_MS);
  }

  #connect(): void {
    const { protocol, host } = location;
    const scheme = protocol === 'https:' ? 'wss' : 'ws';
    const socket = new this.#WebSocket(`${scheme}://${host}${WORKER_PATH}?id=${this.#id}`);
    this.#socket = socket;
    socket.onopen = () => this.#flush();
    socket.onclose = () => {
      this.#socket = null;
      if (this.#waiting.length > 0) this.#flushIn(RETRY_MS);
    };
  }
}
