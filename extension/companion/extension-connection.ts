import { signal as createSignal } from '@preact/signals';
import { toVitrineError } from '#shared/errors.ts';
import { type ConnectReply, connectReplySchema } from '#shared/extension/messages.ts';
import type { CompanionConnection, ConnectionState } from './connection.ts';
import { retryDelayMs } from './retry-delay.ts';

/** Asks the background for the companion. */
export type AskBackground = (question: { suspect: boolean }) => Promise<ConnectReply>;

/**
 * The connection of an extension page: the background knows the companion, through the native host. Keeps asking while
 * there is none, more and more seldom; at once when the page is looked at again. Lives until `signal` is aborted.
 */
export function connectExtensionPage(ask: AskBackground, signal: AbortSignal): CompanionConnection {
  const state = createSignal<ConnectionState>({ status: 'connecting' });
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking = false;
  /** Something failed while a question was out: its answer may be older than the failure. */
  let askAgain = false;
  let failures = 0;

  async function connect(suspect: boolean): Promise<void> {
    if (signal.aborted) return;
    if (asking) {
      askAgain ||= suspect;
      return;
    }
    asking = true;
    clearTimeout(timer);
    const reply = await question(ask, suspect);
    asking = false;
    if (signal.aborted) return;
    if (reply.status === 'connected') {
      failures = 0;
      show(reply);
    } else {
      failures += 1;
      show(reply);
      timer = setTimeout(() => void connect(true), retryDelayMs(failures));
    }
    if (askAgain) {
      askAgain = false;
      void connect(true);
    }
  }

  /** Writes only what changed: an address written again would make everything connect again. */
  function show(next: ConnectionState): void {
    if (JSON.stringify(next) !== JSON.stringify(state.peek())) state.value = next;
  }

  function retry(): void {
    failures = 0;
    void connect(true);
  }

  document.addEventListener(
    'visibilitychange',
    () => {
      if (document.visibilityState === 'visible' && state.peek().status !== 'connected') retry();
    },
    { signal },
  );
  signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  void connect(false);
  return { state, retry, reportFailure: () => void connect(true) };
}

async function question(ask: AskBackground, suspect: boolean): Promise<ConnectReply> {
  try {
    return connectReplySchema.parse(await ask({ suspect }));
  } catch (thrown) {
    // The background is being updated, or refused this page.
    return {
      status: 'unavailable',
      failure: {
        code: 'EXTENSION_UNAVAILABLE',
        message: `The extension did not answer: ${toVitrineError(thrown).message}`,
        remedy: 'Reload this page; if it stays, reload the extension.',
      },
    };
  }
}
