import { WS_PROTOCOL, WS_TOKEN_PROTOCOL_PREFIX } from '#shared/realtime/channels.ts';
import type { CompanionAddress } from './connection.ts';

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 10_000;
/** A handshake that takes longer is given up: the companion is on this machine. */
const OPEN_DEADLINE_MS = 10_000;

export type SocketStatus = 'connecting' | 'open' | 'waiting' | 'closed';

export interface ClientSocketOptions {
  /** Path and query of the next attempt; asked each time, so that it can carry where to resume. */
  path(): string;
  onMessage(text: string): void;
  onStatus?(status: SocketStatus): void;
  /** A connection could not be made or broke; the next attempt is scheduled already. */
  onDrop?(): void;
  /** Ends the socket for good. */
  signal: AbortSignal;
}

/** Milliseconds before the `failures`-th new attempt: doubling, bounded, spread by up to a half. */
export function backoffMs(failures: number, random: () => number = Math.random): number {
  const full = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(failures - 1, 16));
  return full * (0.5 + random() / 2);
}

/** Keeps a WebSocket to the companion open until the signal is aborted. One attempt at a time, nothing queued. */
export function openClientSocket(address: CompanionAddress, options: ClientSocketOptions): void {
  const { signal } = options;
  let failures = 0;
  let socket: WebSocket | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function connect(): void {
    options.onStatus?.('connecting');
    const url = new URL(options.path(), address.baseUrl);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    const opened = new WebSocket(url, protocols(address));
    socket = opened;
    timer = setTimeout(() => opened.close(), OPEN_DEADLINE_MS);
    opened.onopen = () => {
      clearTimeout(timer);
      options.onStatus?.('open');
    };
    opened.onmessage = (event) => {
      // Only a message proves that the companion is well: one that accepts and drops at once is backed off from.
      failures = 0;
      if (typeof event.data === 'string') options.onMessage(event.data);
    };
    // An error is always followed by close, which alone schedules the next attempt.
    opened.onclose = () => {
      clearTimeout(timer);
      if (signal.aborted) return;
      failures += 1;
      timer = setTimeout(connect, backoffMs(failures));
      options.onStatus?.('waiting');
      options.onDrop?.();
    };
  }

  if (signal.aborted) return;
  signal.addEventListener(
    'abort',
    () => {
      clearTimeout(timer);
      if (socket) socket.onmessage = null;
      socket?.close();
      options.onStatus?.('closed');
    },
    { once: true },
  );
  connect();
}

function protocols({ token }: CompanionAddress): string[] {
  return token === undefined ? [WS_PROTOCOL] : [WS_PROTOCOL, `${WS_TOKEN_PROTOCOL_PREFIX}${token}`];
}
