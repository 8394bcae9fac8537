import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { type EnvironmentStatus, environmentStatusSchema } from '#shared/api/environment.ts';
import type { PodUsage } from '../runtimes/runtime.ts';

const READ_DEADLINE_MS = 1_500;
/** From a hot update to a start that installs packages. */
const BUCKETS_SECONDS = [0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1, 2, 5, 10, 30, 60, 120];

/** What is asked of an environment at each scrape. */
export interface Measurable {
  readonly id: string;
  readonly record: { readonly status: EnvironmentStatus };
  readonly network: { readonly bytes: number; readonly traffic: number };
  readonly usage: {
    /** Null where it does not run or the platform does not tell. */
    now(signal: AbortSignal): Promise<PodUsage | null>;
  };
}

/** What people did and said, as the registry keeps it. */
export interface Opinions {
  interactions(): Promise<number>;
  verdicts(): Promise<readonly { useful: boolean }[]>;
}

export type Observed = 'start' | 'hot_reload' | 'preview_load';

/** The companion's figures for Prometheus. Labels hold ids and statuses, never what a task or a page says. */
export class Prometheus {
  readonly #registry = new Registry();
  readonly #list: () => Measurable[];
  readonly #durations: Record<Observed, Histogram>;
  readonly #failures: Counter;
  readonly #byStatus: Gauge;
  readonly #cpu: Gauge;
  readonly #memory: Gauge;
  readonly #processes: Gauge;
  readonly #recorded: Gauge;
  readonly #traffic: Counter;
  readonly #own: Gauge;
  readonly #interactions: Counter;
  readonly #verdicts: Gauge;
  readonly #opinions: Opinions;

  constructor(list: () => Measurable[], opinions: Opinions) {
    this.#list = list;
    this.#opinions = opinions;
    const registers = [this.#registry];
    const histogram = (name: string, help: string) =>
      new Histogram({ name: `vitrine_${name}_seconds`, help, buckets: BUCKETS_SECONDS, registers });
    const gauge = (name: string, help: string, labelNames: string[] = ['environment']) =>
      new Gauge({ name: `vitrine_${name}`, help, labelNames, registers });
    this.#durations = {
      start: histogram('environment_start', 'Time from the request to a running environment.'),
      preview_load: histogram('preview_load', 'Time from the navigation to what the app drew first.'),
      hot_reload: histogram('hot_reload', 'Time from a written file to the page that runs it.'),
    };
    this.#failures = new Counter({
      name: 'vitrine_environment_failures_total',
      help: 'Environments that failed, at their start or later.',
      registers,
    });
    this.#byStatus = gauge('environments', 'Environments there are now.', ['status']);
    this.#cpu = gauge('environment_cpu_seconds', 'Processor time of the sandbox since it was made.');
    this.#memory = gauge('environment_memory_bytes', 'Memory of the sandbox.');
    this.#processes = gauge('environment_processes', 'Processes in the sandbox.');
    this.#recorded = gauge('environment_network_log_bytes', 'What the network monitor keeps.');
    this.#traffic = new Counter({
      name: 'vitrine_environment_network_bytes_total',
      help: 'What went through the proxy and out of the sandbox, both ways.',
      labelNames: ['environment'],
      registers,
    });
    this.#interactions = new Counter({
      name: 'vitrine_interactions_total',
      help: 'What people did to environments through the API.',
      registers,
    });
    this.#verdicts = gauge('verdicts', 'What people said of previews, the last word about each.', ['useful']);
    this.#own = gauge('companion_memory_bytes', 'Resident memory of the companion itself.', []);
  }

  observe(kind: Observed, durationMs: number): void {
    this.#durations[kind].observe(durationMs / 1_000);
  }

  failed(): void {
    this.#failures.inc();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** The text format, with what can only be known now. An environment that is slow to answer is left out. */
  async text(): Promise<string> {
    const environments = this.#list();
    const read = [this.#cpu, this.#memory, this.#processes, this.#recorded, this.#traffic];
    for (const each of [this.#byStatus, ...read]) each.reset();
    for (const status of environmentStatusSchema.options) {
      const those = environments.filter(({ record }) => record.status === status);
      this.#byStatus.set({ status }, those.length);
    }
    this.#own.set(process.memoryUsage.rss());
    await Promise.all([this.#ask(), ...environments.map((environment) => this.#read(environment))]);
    return this.#registry.metrics();
  }

  async #ask(): Promise<void> {
    const [interactions, verdicts] = await Promise.all([
      this.#opinions.interactions(),
      this.#opinions.verdicts(),
    ]);
    this.#interactions.reset();
    this.#interactions.inc(interactions);
    for (const useful of [true, false])
      this.#verdicts.set(
        { useful: String(useful) },
        verdicts.filter((each) => each.useful === useful).length,
      );
  }

  async #read(environment: Measurable): Promise<void> {
    const labels = { environment: environment.id };
    this.#recorded.set(labels, environment.network.bytes);
    this.#traffic.inc(labels, environment.network.traffic);
    const usage = await environment.usage.now(AbortSignal.timeout(READ_DEADLINE_MS));
    if (!usage) return;
    this.#cpu.set(labels, usage.cpuMs / 1_000);
    this.#memory.set(labels, usage.memoryBytes);
    this.#processes.set(labels, usage.processes);
  }
}
