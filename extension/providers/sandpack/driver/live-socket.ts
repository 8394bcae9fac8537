import type { CompanionToFrame, FrameToCompanion } from '#shared/frame/live.ts';
import { LIVE_PATH, MAX_LINES } from '#shared/frame/page.ts';
import type { FrameReport } from '../frame-state.ts';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;
/** Console lines of one such time travel together. */
const GATHER_MS = 40;
/** Kept while there is no connection; the oldest go first. */
const MAX_WAITING = 1_000;

export interface LiveSocketHandlers {
  hello(): FrameToCompanion;
  onMessage(message: CompanionToFrame): void;
  onConnected(): void;
}

/** The page's connection to the companion: comes back by itself, loses what is old before it grows. */
export class LiveSocket {
  readonly #handlers: LiveSocketHandlers;
  #socket: WebSocket | null = null;
  #pause = FIRST_PAUSE_MS;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #gathering: ReturnType<typeof setTimeout> | undefined;
  #waiting: FrameReport[] = [];

  constructor(handlers: LiveSocketHandlers) {
    this.#handlers = handlers;
    addEventListener('online', () => this.#retryNow());
    document.addEventListener('visibilitychange', () => this.#retryNow());
  }

  connect(): void {
    clearTimeout(this.#timer);
    const socket = new WebSocket(
      `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}${LIVE_PATH}`,
    );
    this.#socket = socket;
    socket.onopen = () => {
      this.#pause = FIRST_PAUSE_MS;
      socket.send(JSON.stringify(this.#handlers.hello()));
      this.#handlers.onConnected();
      this.#flush();
    };
    // The companion's own word, on our own origin.
    socket.onmessage = ({ data }) => this.#handlers.onMessage(JSON.parse(String(data)) as CompanionToFrame);
    socket.onclose = () => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      this.#timer = setTimeout(() => this.connect(), this.#pause);
      this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE_MS);
    };
  }

  report(entry: FrameReport): void {
    this.#waiting.push(entry);
    if (this.#waiting.length > MAX_WAITING) this.#waiting.shift();
    this.#gathering ??= setTimeout(() => this.#flush(), GATHER_MS);
  }

  send(message: FrameToCompanion): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  #flush(): void {
    clearTimeout(this.#gathering);
    this.#gathering = undefined;
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    const lines = waiting.flatMap((entry) => (entry.type === 'console' ? [entry.line] : []));
    for (let start = 0; start < lines.length; start += MAX_LINES) {
      this.send({ type: 'console', lines: lines.slice(start, start + MAX_LINES) });
    }
    for (const entry of waiting) if (entry.type !== 'console') this.send(entry);
  }

  #retryNow(): void {
    if (this.#socket === null && document.visibilityState === 'visible') this.connect();
  }
}
