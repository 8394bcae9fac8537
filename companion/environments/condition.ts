import type { EnvironmentStatus, Failure } from '#shared/api/environment.ts';
import type { Journal } from './journal.ts';

/** How an environment is: its status, and why it failed where it did. */
export class Condition {
  readonly #journal: Journal;
  #failure: Failure | undefined;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  get failure(): Failure | undefined {
    return this.#failure;
  }

  /** It is like this from now on; what failed before is over. `detail` goes into the event. */
  become(status: Exclude<EnvironmentStatus, 'failed'>, detail?: string): void {
    this.#failure = undefined;
    this.#journal.status(status, detail);
  }

  fail({ code, message, remedy }: Failure): void {
    this.#failure = { code, message, remedy };
    this.#journal.status('failed', message);
  }
}
