import { signal } from '@preact/signals';
import type { UsageSample } from '#shared/api/usage.ts';
import type { EnvironmentCalls } from '../../companion/calls/environment-calls.ts';

/** How often running environments are asked what they use while somebody looks. */
const ASK_EVERY_MS = 4_000;
/** As many points as a sparkline can show. */
const MOST_SAMPLES = 60;

/** What environments use, asked for while it is on screen. What is not measured has no samples. */
export class UsageStore {
  readonly byId = signal<ReadonlyMap<string, readonly UsageSample[]>>(new Map());
  readonly #calls: Pick<EnvironmentCalls, 'usage'>;

  constructor(calls: Pick<EnvironmentCalls, 'usage'>) {
    this.#calls = calls;
  }

  /** Keeps asking for the environments that `running` names, until `signal` is aborted. */
  follow(running: () => readonly string[], signal: AbortSignal): void {
    const ask = async () => {
      const now = new Map<string, readonly UsageSample[]>();
      for (const id of document.visibilityState === 'visible' ? running() : []) {
        // One after the other: fifty environments are no reason for fifty requests at once.
        const samples = await this.#calls.usage(id, signal).catch(() => []);
        if (signal.aborted) return;
        now.set(id, samples.slice(-MOST_SAMPLES));
      }
      if (document.visibilityState === 'visible') this.byId.value = now;
      timer = setTimeout(() => void ask(), ASK_EVERY_MS);
    };
    let timer = setTimeout(() => void ask());
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  }
}
