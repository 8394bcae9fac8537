import type { Readable } from 'node:stream';

/** Reads so many bytes, and leaves the rest in the stream; null when it ends before. */
export async function readExactly(
  stream: Readable,
  bytes: number,
  signal: AbortSignal,
): Promise<Buffer | null> {
  for (;;) {
    signal.throwIfAborted();
    const chunk = stream.read(bytes) as Buffer | null;
    if (chunk) return chunk.length === bytes ? chunk : null;
    if (stream.readableEnded || stream.destroyed) return null;
    await moreOrEnd(stream, signal);
  }
}

function moreOrEnd(stream: Readable, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const events = ['readable', 'end', 'close', 'error'] as const;
    const over = () => {
      for (const event of events) stream.off(event, onEvent);
      signal.removeEventListener('abort', onAbort);
    };
    const onEvent = () => {
      over();
      resolve();
    };
    const onAbort = () => {
      over();
      reject(signal.reason);
    };
    for (const event of events) stream.on(event, onEvent);
    signal.addEventListener('abort', onAbort);
  });
}
