import { browser } from 'wxt/browser';
import { VitrineError } from '#shared/errors.ts';
import { NATIVE_HOST_NAME } from '#shared/identifiers.ts';
import { nativeReplySchema } from '#shared/native/messages.ts';
import type { StoredAddress } from '../../session/items.ts';
import { nativeHostError } from './native-host-error.ts';

/** The host may have to start the companion first. */
const REPLY_DEADLINE_MS = 20_000;

/**
 * Asks the native host for the companion, once: the host starts or finds it, answers and ends. Rejects with a
 * {@link VitrineError} that tells a host which is not installed from one that failed.
 */
export async function askNativeHost(): Promise<StoredAddress> {
  const reply = nativeReplySchema.safeParse(await exchange({ type: 'connect' }));
  if (!reply.success) {
    throw new VitrineError({
      code: 'NATIVE_HOST_MISMATCH',
      message: 'The native host answered in a way this version of the extension does not know.',
      remedy: 'Bring companion and extension to the same version, then run `vitrine install`.',
      cause: reply.error,
    });
  }
  if (reply.data.type === 'failed') throw new VitrineError(reply.data.failure);
  return { baseUrl: `http://127.0.0.1:${reply.data.port}`, token: reply.data.token };
}

function exchange(request: unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const port = browser.runtime.connectNative(NATIVE_HOST_NAME);
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      port.disconnect();
      settle();
    };
    const timer = setTimeout(() => finish(() => reject(nativeHostError('timeout'))), REPLY_DEADLINE_MS);
    port.onMessage.addListener((message) => finish(() => resolve(message)));
    port.onDisconnect.addListener((ended) => {
      // Chromium tells the reason in lastError, Firefox on the port.
      const reason = browser.runtime.lastError?.message ?? errorOf(ended);
      finish(() => reject(nativeHostError(reason)));
    });
    port.postMessage(request);
  });
}

function errorOf(port: object): string {
  const { error } = port as { error?: { message?: string } | null };
  return error?.message ?? 'disconnected';
}
