import type { NetworkRequestDetail } from '#shared/api/network.ts';
import { VitrineError } from '#shared/errors.ts';
import { text } from '../text/text.ts';
import type { HarPosition } from './har-requests.ts';
import type { HarWorkerMessage } from './har-worker-messages.ts';

/** Larger files are refused: what is shown of them stays in memory. */
export const MAX_HAR_BYTES = 64 * 1024 * 1024;

/**
 * The requests of a HAR file, read beside the page's only thread, and told how far that is. Ends the reading when the
 * signal does. Rejects with HAR_INVALID or HAR_FAILED.
 */
export async function readHarFile(
  file: Blob,
  signal: AbortSignal,
  onProgress: (at: HarPosition) => void,
): Promise<NetworkRequestDetail[]> {
  if (file.size > MAX_HAR_BYTES) throw invalid();
  signal.throwIfAborted();
  const worker = new Worker(new URL('./har-worker.ts', import.meta.url), { type: 'module' });
  const { promise, resolve, reject } = Promise.withResolvers<NetworkRequestDetail[]>();
  const requests: NetworkRequestDetail[] = [];
  worker.onmessage = ({ data: message }: MessageEvent<HarWorkerMessage>) => {
    if (message.type === 'end') resolve(requests);
    else if (message.type === 'not-har') reject(invalid());
    else if (message.type === 'failed') reject(failed(message.reason));
    else {
      for (const request of message.requests) requests.push(request);
      onProgress({ done: message.done, total: message.total });
    }
  };
  worker.onerror = ({ message }) => reject(failed(message));
  const stop = () => reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  worker.postMessage(file);
  try {
    return await promise;
  } finally {
    signal.removeEventListener('abort', stop);
    worker.terminate();
  }
}

function invalid(): VitrineError {
  return new VitrineError({
    code: 'HAR_INVALID',
    message: text('network.import-invalid'),
    remedy: text('network.import-invalid-remedy'),
  });
}

function failed(cause: unknown): VitrineError {
  return new VitrineError({
    code: 'HAR_FAILED',
    message: text('network.import-failed'),
    remedy: text('network.import-failed-remedy'),
    cause,
  });
}
