import { signal } from '@preact/signals';
import type { AttemptList } from '#shared/api/attempt.ts';
import { toVitrineError, type VitrineError } from '#shared/errors.ts';
import type { AttemptCalls } from '../../companion/calls/attempt-calls.ts';

export type SourceKind = 'repository' | 'board';

/** Attempts of all repositories and boards, as of the last look. */
export class AttemptStore {
  /** Undefined until first told. */
  readonly list = signal<AttemptList | undefined>(undefined);
  readonly refreshing = signal(false);
  /** Why the last look failed; what was known before stays. */
  readonly failure = signal<VitrineError | undefined>(undefined);
  readonly #calls: AttemptCalls;
  readonly #signal: AbortSignal;
  /** Counts looks, so that a slow one never overwrites a later one. */
  #look = 0;

  constructor(calls: AttemptCalls, signal: AbortSignal) {
    this.#calls = calls;
    this.#signal = signal;
  }

  /** Looks again. Never rejects: see `failure`. */
  async refresh(): Promise<void> {
    const look = ++this.#look;
    this.refreshing.value = true;
    try {
      const list = await this.#calls.list(this.#signal);
      if (look !== this.#look) return;
      this.list.value = list;
      this.failure.value = undefined;
    } catch (thrown) {
      if (look === this.#look && !this.#signal.aborted) this.failure.value = toVitrineError(thrown);
    } finally {
      if (look === this.#look) this.refreshing.value = false;
    }
  }

  /** Adds a source and looks again. Rejects with the companion's refusal. */
  async addSource(kind: SourceKind, location: string): Promise<void> {
    if (kind === 'board') await this.#calls.addBoard(location, this.#signal);
    else await this.#calls.addRepository(location, this.#signal);
    await this.refresh();
  }

  async removeSource(kind: SourceKind, location: string): Promise<void> {
    if (kind === 'board') await this.#calls.removeBoard(location, this.#signal);
    else await this.#calls.removeRepository(location, this.#signal);
    await this.refresh();
  }

  /** The agent that worked on a task, as far as the list knows. */
  agentOf(taskId: string): string | undefined {
    return this.list.peek()?.attempts.find((attempt) => attempt.taskId === taskId)?.agentId;
  }
}
