import type { UsageSample } from '#shared/api/usage.ts';
import type { NetworkLog } from '../proxy/network-log.ts';
import type { ChannelHub } from '../realtime/channel-hub.ts';
import type { Pod, PodUsage } from '../runtimes/runtime.ts';
import { UsageHistory } from './usage-history.ts';

export interface EnvironmentUsageOptions {
  network: NetworkLog;
  hub: ChannelHub;
  /** The sandbox there is, be it frozen. */
  pod(): Pod | undefined;
  isRunning(): boolean;
}

/** What an environment's sandbox uses. */
export class EnvironmentUsage {
  readonly #options: EnvironmentUsageOptions;
  readonly #history = new UsageHistory();

  constructor(options: EnvironmentUsageOptions) {
    this.#options = options;
  }

  /** The newest samples, the oldest of them first. */
  get samples(): UsageSample[] {
    return this.#history.list();
  }

  /** Measures once and tells the channels. */
  async sample(): Promise<void> {
    const { network, hub, isRunning } = this.#options;
    const pod = this.#options.pod();
    if (!pod || !isRunning()) return;
    const sample = await this.#history.sample(pod, network.traffic);
    if (sample) hub.publish({ channel: 'state', data: { type: 'usage', sample } });
  }

  /** Null where it does not run, or the platform does not tell. */
  async now(signal: AbortSignal): Promise<PodUsage | null> {
    const pod = this.#options.pod();
    // One that ends meanwhile has nothing to tell.
    return pod ? await pod.usage(signal).catch(() => null) : null;
  }
}
