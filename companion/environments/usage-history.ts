import type { UsageSample } from '#shared/api/usage.ts';
import type { Pod, PodUsage } from '../runtimes/runtime.ts';

/** Three minutes at the sampler's pace. */
const MAX_SAMPLES = 90;
const READ_DEADLINE_MS = 1_500;

/** What an environment's sandbox used lately. */
export class UsageHistory {
  #samples: UsageSample[] = [];
  #last: { pod: Pod; usage: PodUsage; traffic: number; at: number } | undefined;

  list(): UsageSample[] {
    return [...this.#samples];
  }

  /** Measures once; `traffic` is how many bytes passed so far. Resolves null where the platform does not tell, and for the first look at a pod. */
  async sample(pod: Pod, traffic: number): Promise<UsageSample | null> {
    const usage = await pod.usage(AbortSignal.timeout(READ_DEADLINE_MS)).catch(() => null); // ended meanwhile
    if (!usage) return null;
    const at = Date.now();
    const before = this.#last?.pod === pod ? this.#last : undefined;
    this.#last = { pod, usage, traffic, at };
    if (!before || at <= before.at) return null;
    const { memoryBytes, processes, diskBytes } = usage;
    const cpuPercent = (100 * Math.max(0, usage.cpuMs - before.usage.cpuMs)) / (at - before.at);
    const networkBytesPerSecond = (1_000 * Math.max(0, traffic - before.traffic)) / (at - before.at);
    const sample = { at, memoryBytes, cpuPercent, processes, networkBytesPerSecond, diskBytes };
    this.#samples = [...this.#samples, sample].slice(-MAX_SAMPLES);
    return sample;
  }
}
