import { HOT_READY_SYMBOL, HOT_SOCKET_SYMBOL } from '#shared/frame/page.ts';
import { HotSocket } from './hot-socket.ts';

/** The part of `import.meta.hot` that the page itself uses. */
interface HotContext {
  on(event: 'vite:afterUpdate', listener: (payload: { updates: { timestamp: number }[] }) => void): void;
}

/** Connects Vite's client, which loads with the app, to the script that speaks with the companion. */
export class HotBridge {
  #socket: HotSocket | undefined;
  #carry: ((payload: string) => void) | undefined;
  /** What came before the client was there. */
  #early: string[] = [];
  /** An update with this time stamp is in the page. */
  onApplied: ((timestamp: number) => void) | undefined;

  /** Puts itself where the served client looks for it. */
  install(): void {
    const ready = (context: HotContext) =>
      context.on('vite:afterUpdate', ({ updates: [update] }) => {
        if (update) this.onApplied?.(update.timestamp);
      });
    Object.defineProperty(globalThis, Symbol.for(HOT_SOCKET_SYMBOL), { value: HotSocket });
    Object.defineProperty(globalThis, Symbol.for(HOT_READY_SYMBOL), { value: ready });
  }

  onSocket(socket: HotSocket): void {
    this.#socket = socket;
    if (this.#carry) socket.carryWith(this.#carry);
    socket.addEventListener('open', () => {
      for (const payload of this.#early.splice(0)) socket.receive(payload);
    });
  }

  carryWith(carry: (payload: string) => void): void {
    this.#carry = carry;
    this.#socket?.carryWith(carry);
  }

  receive(payload: string): void {
    if (this.#socket?.readyState === 1) this.#socket.receive(payload);
    else this.#early.push(payload);
  }
}
