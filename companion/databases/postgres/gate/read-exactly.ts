import type { Readable } from 'node:stream';

/** Reads so many bytes, and leaves the rest in the stream; null when it ends before. */
export async function readExactly(
  stream: Readable,
  bytes: number,
  signal: AbortSignal,
): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  for (let size = 0; ; ) {
    signal.throwIfAborted();
    // All of it: a stream that is left holding some says at once, again and again, that there is something to read.
    const chunk = stream.read() as Buffer | null;
    if (!chunk) {
      if (stream.readableEnded || stream.destroyed) return null;
      await moreOrEnd(stream, signal);
      continue;
    }
    chunks.push(chunk);
    size += chunk.length;
    if (size < bytes) continue;
    const all = Buffer.concat(chunks);
    if (size > bytes) stream.unshift(all.subarray(bytes));
    return all.subarray(0, bytes);
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
