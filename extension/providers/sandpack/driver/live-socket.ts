import type { CompanionToFrame, FrameToCompanion } from '#shared/frame/live.ts';
import { LIVE_PATH } from '#shared/frame/page.ts';
import { type FrameReport, frameState } from '../frame-state.ts';
import { evaluate } from './evaluate.ts';
import { messagesOf } from './report-messages.ts';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;
/** Console lines of one such time travel together. */
const GATHER_MS = 40;
/** Kept while there is no connection; the oldest go first. */
const MAX_WAITING = 1_000;

type Evaluate = Extract<CompanionToFrame, { type: 'evaluate' }>;

export interface LiveSocketHandlers {
  hello(): FrameToCompanion;
  onMessage(message: Exclude<CompanionToFrame, Evaluate>): void;
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
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(String(data)) as CompanionToFrame;
      if (message.type === 'evaluate') void this.#evaluate(message, socket);
      else this.#handlers.onMessage(message);
    };
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

  /** The answer goes where the question came from, or nowhere. */
  async #evaluate({ id, source }: Evaluate, socket: WebSocket): Promise<void> {
    const answer: FrameToCompanion = {
      type: 'evaluated',
      id,
      ...(await evaluate(source, frameState().look)),
    };
    // What the text printed comes before what it came to.
    this.#flush();
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(answer));
  }

  #flush(): void {
    clearTimeout(this.#gathering);
    this.#gathering = undefined;
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const message of messagesOf(waiting)) this.send(message);
  }

  #retryNow(): void {
    if (this.#socket === null && document.visibilityState === 'visible') this.connect();
  }
}
