import { effect, type ReadonlySignal, signal } from '@preact/signals';
import { toVitrineError } from '#shared/errors.ts';
import { CompanionClient } from '../companion/client.ts';
import type { CompanionAddress, CompanionConnection } from '../companion/connection.ts';
import { AttemptStore } from './attempts/attempt-store.ts';
import { EnvironmentStore } from './environments/environment-store.ts';
import { PendingEnds } from './environments/pending-ends.ts';
import { said } from './text/said.ts';

/** What is known of one companion, for as long as it has the same address and token. */
export interface Session {
  readonly client: CompanionClient;
  readonly environments: EnvironmentStore;
  readonly attempts: AttemptStore;
  /** Environments that somebody stopped and may still want back. */
  readonly ends: PendingEnds;
  readonly signal: AbortSignal;
}

/** Has a session with the companion that the connection leads to: a new one whenever that is another. */
export class Sessions {
  readonly #connection: CompanionConnection;
  readonly #announce: (message: string) => void;
  readonly #current = signal<Session | undefined>(undefined);
  readonly #stop: () => void;
  #abort = new AbortController();

  /** `announce` tells what went wrong with something a person no longer looks at. */
  constructor(connection: CompanionConnection, announce: (message: string) => void) {
    this.#connection = connection;
    this.#announce = announce;
    this.#stop = this.#followConnection();
  }

  /** Stays while the companion is away, so that what is on screen stays too. */
  get current(): ReadonlySignal<Session | undefined> {
    return this.#current;
  }

  close(): void {
    this.#stop();
    this.#abort.abort();
  }

  #followConnection(): () => void {
    let known: CompanionAddress | undefined;
    return effect(() => {
      const state = this.#connection.state.value;
      if (state.status !== 'connected') return;
      if (known?.baseUrl === state.address.baseUrl && known.token === state.address.token) return;
      known = state.address;
      this.#abort.abort();
      this.#abort = new AbortController();
      this.#current.value = this.#start(state.address, this.#abort.signal);
    });
  }

  #start(address: CompanionAddress, signal: AbortSignal): Session {
    const client = new CompanionClient(address);
    const onDrop = () => this.#connection.reportFailure();
    const environments = new EnvironmentStore(client, { onDrop, signal });
    const attempts = new AttemptStore(client.attempts, signal);
    void attempts.refresh();
    const ends = new PendingEnds((id) => void this.#end(environments, id, signal), signal);
    return { client, environments, attempts, ends, signal };
  }

  async #end(environments: EnvironmentStore, id: string, signal: AbortSignal): Promise<void> {
    try {
      await environments.act(id, 'terminate');
    } catch (thrown) {
      const { message, remedy } = toVitrineError(thrown);
      if (!signal.aborted) this.#announce(`${said(message)} ${said(remedy)}`);
    }
  }
}
