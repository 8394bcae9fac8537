import type { WebSocket } from 'ws';

/** A viewer that reads this much slower than it is sent to is dropped; it comes back and resumes. Bytes. */
const MAX_BUFFERED_BYTES = 8 * 1024 * 1024;
const PING_INTERVAL_MS = 20_000;

/** Keeps a socket alive by pings and ends it when the other side is gone. */
export function keepAlive(socket: WebSocket): void {
  let isAlive = true;
  const timer = setInterval(() => {
    if (!isAlive) return socket.terminate();
    isAlive = false;
    socket.ping();
  }, PING_INTERVAL_MS);
  socket.on('pong', () => {
    isAlive = true;
  });
  socket.on('close', () => clearInterval(timer));
  socket.on('error', () => socket.terminate());
}

/** Sends unless the viewer is hopelessly behind, which ends the connection. */
export function sendBounded(socket: WebSocket, text: string): void {
  if (socket.readyState !== socket.OPEN) return;
  if (socket.bufferedAmount > MAX_BUFFERED_BYTES) socket.terminate();
  else socket.send(text);
}
