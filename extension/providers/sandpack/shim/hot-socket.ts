import { frameState } from '../frame-state.ts';

/** What a client may have said before the page is connected. */
const MAX_WAITING = 200;

/**
 * The WebSocket of Vite's client in a preview page. It never closes: the page's live connection carries it, comes
 * back by itself, and brings what was missed.
 */
export class HotSocket extends EventTarget {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSING = 2;
  static readonly CLOSED = 3;
  readonly url: string;
  readonly protocol: string;
  readonly bufferedAmount = 0;
  readyState = HotSocket.CONNECTING;
  #waiting: string[] = [];
  #carry: ((payload: string) => void) | undefined;

  constructor(url: string | URL, protocols: string | string[] = '') {
    super();
    this.url = String(url);
    this.protocol = [protocols].flat()[0] ?? '';
    frameState().hot.onSocket(this);
    queueMicrotask(() => {
      this.readyState = HotSocket.OPEN;
      this.dispatchEvent(new Event('open'));
    });
  }

  send(payload: string): void {
    if (this.#carry) this.#carry(payload);
    else if (this.#waiting.length < MAX_WAITING) this.#waiting.push(payload);
  }

  close(): void {
    // Its client closes it never; what carries it is not its own to close.
  }

  /** Sends what waited, and from now on everything, with this. */
  carryWith(carry: (payload: string) => void): void {
    this.#carry = carry;
    for (const payload of this.#waiting.splice(0)) carry(payload);
  }

  receive(payload: string): void {
    this.dispatchEvent(new MessageEvent('message', { data: payload }));
  }
}
