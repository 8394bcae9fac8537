import { constructedThrough } from '../constructed-through.ts';
import { begin, type KnownRequest } from './request-table.ts';

/** Tells of WebSockets and event streams to other hosts, and of beacons. */
export function watchStreams(): void {
  watchSockets();
  watchEventSources();
  const prototype = globalThis.Navigator?.prototype;
  if (!prototype?.sendBeacon) return;
  prototype.sendBeacon = new Proxy(prototype.sendBeacon, {
    apply(target, self, values: Parameters<Navigator['sendBeacon']>) {
      const isTaken = Reflect.apply(target, self, values) as boolean;
      const known = begin(values[0], { method: 'POST' });
      // Nobody is told what comes of one.
      known?.ends(isTaken ? {} : { error: 'The browser did not take it.' });
      return isTaken;
    },
  });
}

function watchSockets(): void {
  globalThis.WebSocket = constructedThrough(globalThis.WebSocket, (socket: WebSocket) => {
    const known = begin(socket.url, { kind: 'websocket' });
    if (known === null) return;
    let hasOpened = false;
    let bytes = 0;
    socket.addEventListener('open', () => {
      hasOpened = true;
      known.goesOn({ status: 101 });
    });
    socket.addEventListener('message', ({ data }) => {
      bytes += typeof data === 'string' ? data.length : (data.byteLength ?? data.size ?? 0);
    });
    socket.addEventListener('close', ({ code }) =>
      known.ends({ bytes, ...(!hasOpened && { error: `The connection failed (${code}).` }) }),
    );
  });
}

function watchEventSources(): void {
  if (!globalThis.EventSource) return;
  const open = new WeakMap<EventSource, KnownRequest>();
  const { prototype } = EventSource;
  prototype.close = new Proxy(prototype.close, {
    apply(target, self: EventSource, values: []) {
      Reflect.apply(target, self, values);
      const known = open.get(self);
      if (known && !known.isOver) known.ends({ cancelled: true });
    },
  });
  globalThis.EventSource = constructedThrough(globalThis.EventSource, (source: EventSource) => {
    const known = begin(source.url, { mimeType: 'text/event-stream' });
    if (known === null) return;
    open.set(source, known);
    source.addEventListener('open', () => known.goesOn({ status: 200 }));
    source.addEventListener('error', () => {
      if (source.readyState === source.CLOSED) known.ends({ error: 'The stream ended.' });
    });
  });
}
