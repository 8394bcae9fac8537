import { computed, signal } from '@preact/signals';
import type { CreatedEnvironment, CreateEnvironment, Environment } from '#shared/api/environment.ts';
import type { ProviderName } from '#shared/identifiers.ts';
import { openEnvironmentList } from '../../companion/channel-client.ts';
import type { CompanionClient } from '../../companion/client.ts';

/** What a person can ask of an environment that exists. */
export type EnvironmentAction = 'suspend' | 'resume' | 'restart' | 'retry' | 'terminate';

/** Whether it makes sense for an environment in this state. */
export function canAct({ status }: Pick<Environment, 'status'>, action: EnvironmentAction): boolean {
  if (action === 'suspend') return status === 'running';
  if (action === 'resume') return status === 'suspended';
  if (action === 'retry') return status === 'failed';
  return true;
}

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
    return this.#client.environments.create(request, signal);
  }

  /** Takes over what another source (a channel, an answer) told of an environment. */
  put(environment: Environment): void {
    this.byId.value = new Map(this.byId.value).set(environment.id, environment);
  }

  /** Does it and takes the outcome over. Rejects with a VitrineError; a second call while one is under way is ignored. */
  act(id: string, action: EnvironmentAction): Promise<void> {
    return this.#alone(id, action, async () => {
      if (action === 'suspend') this.put(await this.#client.environments.suspend(id, this.#signal));
      if (action === 'resume') this.put(await this.#client.environments.resume(id, this.#signal));
      if (action === 'restart') this.put(await this.#client.environments.restart(id, this.#signal));
      if (action === 'retry') this.put(await this.#client.environments.retry(id, this.#signal));
      if (action === 'terminate') {
        await this.#client.environments.terminate(id, this.#signal);
        this.byId.value = without(this.byId.value, id);
      }
    });
  }

  /** Starts it anew with another provider; otherwise as {@link act}. */
  switchProvider(id: string, provider: ProviderName): Promise<void> {
    return this.#alone(id, 'restart', async () => {
      this.put(await this.#client.environments.switchProvider(id, provider, this.#signal));
    });
  }

  async #alone(id: string, action: EnvironmentAction, work: () => Promise<void>): Promise<void> {
    if (this.busy.value.has(id)) return;
    this.busy.value = new Map(this.busy.value).set(id, action);
    try {
      await work();
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
