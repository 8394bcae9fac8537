import { signal as createSignal } from '@preact/signals';
import { toVitrineError, type VitrineError } from '#shared/errors.ts';
import { CompanionClient } from './client.ts';
import { signedOut } from './client-errors.ts';
import type { CompanionConnection, ConnectionState } from './connection.ts';

/** How often an absent companion is looked for. */
const RETRY_MS = 2_000;
/** How often a session that was refused is tried: a fresh link opened in another tab signs this one in too. */
const SIGNED_OUT_RETRY_MS = 5_000;

/**
 * The connection of the page that the companion itself serves: same origin, session cookie, no token.
 * Lives until `signal` is aborted.
 */
export function connectServedWorkbench(baseUrl: string, signal: AbortSignal): CompanionConnection {
  const state = createSignal<ConnectionState>({ status: 'connecting' });
  const client = new CompanionClient({ baseUrl });
  let timer: ReturnType<typeof setTimeout> | undefined;
  let probing = false;

  async function probe(): Promise<void> {
    if (probing || signal.aborted) return;
    probing = true;
    clearTimeout(timer);
    try {
      await client.health(signal);
      await client.environments.list(signal);
      if (state.peek().status !== 'connected') {
        state.value = { status: 'connected', address: client.address };
      }
    } catch (thrown) {
      if (signal.aborted) return;
      const failure = failureFor(toVitrineError(thrown));
      state.value = { status: 'unavailable', failure: failure.toBody().error };
      timer = setTimeout(probe, failure.status === 401 ? SIGNED_OUT_RETRY_MS : RETRY_MS);
    } finally {
      probing = false;
    }
  }

  signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  void probe();
  return { state, retry: () => void probe(), reportFailure: () => void probe() };
}

/** Whatever the companion calls a missing session, a person at this page needs the link. */
function failureFor(error: VitrineError): VitrineError {
  return error.status === 401 ? signedOut() : error;
}
