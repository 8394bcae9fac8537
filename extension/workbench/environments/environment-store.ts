import { computed, signal } from '@preact/signals';
import type { CreatedEnvironment, CreateEnvironment, Environment } from '#shared/api/environment.ts';
import { openEnvironmentList } from '../../companion/channel-client.ts';
import type { CompanionClient } from '../../companion/client.ts';

/** What a person can ask of an environment that exists. */
export type EnvironmentAction = 'suspend' | 'resume' | 'restart' | 'retry' | 'terminate';

/** All environments of the companion, live. Lives until `signal` is aborted. */
export class EnvironmentStore {
  /** False until the companion has told its list. */
  readonly loaded = signal(false);
  readonly byId = signal<ReadonlyMap<string, Environment>>(new Map());
  readonly list = computed(() => [...this.byId.value.values()]);
  /** Newest environment of each worktree. */
  readonly byWorktree = computed(() => new Map(this.list.value.map((each) => [each.worktree, each])));
  /** What is under way, by environment. */
  readonly busy = signal<ReadonlyMap<string, EnvironmentAction>>(new Map());
  readonly #client: CompanionClient;
  readonly #signal: AbortSignal;

  constructor(client: CompanionClient, options: { onDrop: () => void; signal: AbortSignal }) {
    this.#client = client;
    this.#signal = options.signal;
    openEnvironmentList(client.address, {
      onList: (environments) => {
        this.byId.value = new Map(environments.map((each) => [each.id, each]));
        this.loaded.value = true;
      },
      onDrop: options.onDrop,
      signal: options.signal,
    });
  }

  create(request: CreateEnvironment, signal: AbortSignal = this.#signal): Promise<CreatedEnvironment> {
    return this.#client.createEnvironment(request, signal);
  }

  /** Takes over what another source (a channel, an answer) told of an environment. */
  put(environment: Environment): void {
    this.byId.value = new Map(this.byId.value).set(environment.id, environment);
  }

  /** Does it and takes the outcome over. Rejects with a VitrineError; a second call while one is under way is ignored. */
  async act(id: string, action: EnvironmentAction): Promise<void> {
    if (this.busy.value.has(id)) return;
    this.busy.value = new Map(this.busy.value).set(id, action);
    try {
      if (action === 'suspend') this.put(await this.#client.suspendEnvironment(id, this.#signal));
      if (action === 'resume') this.put(await this.#client.resumeEnvironment(id, this.#signal));
      if (action === 'restart') this.put(await this.#client.restartEnvironment(id, this.#signal));
      if (action === 'retry') this.put(await this.#client.retryEnvironment(id, this.#signal));
      if (action === 'terminate') {
        await this.#client.terminateEnvironment(id, this.#signal);
        this.byId.value = without(this.byId.value, id);
      }
    } finally {
      this.busy.value = without(this.busy.value, id);
    }
  }
}

function without<Value>(map: ReadonlyMap<string, Value>, key: string): ReadonlyMap<string, Value> {
  const copy = new Map(map);
  copy.delete(key);
  return copy;
}
