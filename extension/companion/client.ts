import { z } from 'zod';
import { type Metrics, metricsSchema } from '#shared/api/metrics.ts';
import { type MetricsHistory, metricsHistorySchema } from '#shared/api/metrics-history.ts';
import { ApiTransport } from './api-transport.ts';
import { AttemptCalls } from './calls/attempt-calls.ts';
import { ConfigCalls } from './calls/config-calls.ts';
import { EnvironmentCalls } from './calls/environment-calls.ts';
import { NetworkCalls } from './calls/network-calls.ts';
import { SourceCalls } from './calls/source-calls.ts';
import type { CompanionAddress } from './connection.ts';

const healthSchema = z.object({ ok: z.literal(true), name: z.literal('vitrine'), version: z.string() });
export type Health = z.infer<typeof healthSchema>;

/** The companion's REST API, by what the calls are about. {@link ApiTransport} says what they reject with. */
export class CompanionClient {
  readonly address: CompanionAddress;
  readonly environments: EnvironmentCalls;
  readonly config: ConfigCalls;
  readonly network: NetworkCalls;
  readonly sources: SourceCalls;
  readonly attempts: AttemptCalls;
  readonly #transport: ApiTransport;

  constructor(address: CompanionAddress) {
    this.address = address;
    const transport = new ApiTransport(address);
    this.#transport = transport;
    this.environments = new EnvironmentCalls(transport);
    this.config = new ConfigCalls(transport);
    this.network = new NetworkCalls(transport);
    this.sources = new SourceCalls(transport);
    this.attempts = new AttemptCalls(transport);
  }

  /** Whether a companion answers at all; needs no right. */
  health(signal?: AbortSignal): Promise<Health> {
    return this.#transport.json('/healthz', healthSchema, { signal });
  }

  getMetrics(signal?: AbortSignal): Promise<Metrics> {
    return this.#transport.json('/api/metrics', metricsSchema, { signal });
  }

  getMetricsHistory(signal?: AbortSignal): Promise<MetricsHistory> {
    return this.#transport.json('/api/metrics/history', metricsHistorySchema, { signal });
  }
}
