import type { Duplex } from 'node:stream';

/** A browser says nothing before its handshake is answered; other clients may, a little. Bytes. */
const MAX_EARLY_BYTES = 64 * 1024;

/**
 * Reads a socket while its handshake is not answered: only who reads notices that the other side is gone, which
 * destroys the socket. Returns the way to put back what came meanwhile.
 */
export function holdEarlyBytes(socket: Duplex): () => void {
  let held: Buffer[] = [];
  let length = 0;
  const hold = (chunk: Buffer) => {
    held.push(chunk);
    length += chunk.length;
    if (length > MAX_EARLY_BYTES) socket.destroy();
  };
  const ended = () => socket.destroy();
  socket.on('data', hold);
  socket.once('end', ended);
  return () => {
    socket.off('data', hold);
    socket.off('end', ended);
    socket.pause();
    if (length > 0) socket.unshift(Buffer.concat(held));
    held = [];
  };
}
