import type { Response } from 'express';
import type { Environment } from '../environments/environment.ts';

/** Comments keep middleboxes and clients from taking a quiet stream for a dead one. */
const HEARTBEAT_MS = 15_000;
/** A reader this far behind is dropped; it may connect again. Bytes. */
const MAX_BUFFERED_BYTES = 4 * 1024 * 1024;

/** Streams an environment's console as server-sent events: what is kept first, then live. */
export function streamConsole(environment: Environment, response: Response): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  response.write(': console\n\n');
  const leave = environment.hub.subscribe({
    send(_serialised, message) {
      if (message.data.type === 'terminated') response.end();
      if (message.data.type !== 'console') return;
      if (response.writableLength > MAX_BUFFERED_BYTES) response.destroy();
      else response.write(`id: ${message.seq}\ndata: ${JSON.stringify(message.data.entry)}\n\n`);
    },
  });
  const heartbeat = setInterval(() => response.write(': still here\n\n'), HEARTBEAT_MS);
  response.on('close', () => {
    clearInterval(heartbeat);
    leave();
  });
}
