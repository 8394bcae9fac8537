import type { Environment } from './environment.ts';

const INTERVAL_MS = 2_000;

/** Measures running environments as long as somebody looks at them, and costs nothing otherwise. */
export class UsageSampler {
  readonly #timer: NodeJS.Timeout;
  #isBusy = false;

  /** `isListShown`: somebody looks at all of them. */
  constructor(list: () => Environment[], isListShown: () => boolean) {
    this.#timer = setInterval(() => void this.#sample(list(), isListShown()), INTERVAL_MS);
    this.#timer.unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #sample(environments: Environment[], all: boolean): Promise<void> {
    if (this.#isBusy) return; // an engine that is slow to answer is not asked twice
    this.#isBusy = true;
    try {
      const shown = environments.filter(({ hub }) => all || hub.subscriberCount > 0);
      await Promise.all(shown.map((environment) => environment.usage.sample()));
    } finally {
      this.#isBusy = false;
    }
  }
}
