import type { Failure, ServiceState } from '#shared/api/environment.ts';
import type { ResourceLimits } from '#shared/config/environment-config.ts';
import type { PodPorts } from '../../detection/pod-ports.ts';
import type { ServicePlan } from '../../detection/service-plan.ts';
import type { LimitEvent, Pod } from '../../runtimes/runtime.ts';
import { PauseGate } from './pause-gate.ts';
import { ServiceGroup } from './service-group.ts';
import { type NamedService, serviceNames } from './service-names.ts';
import { ServiceReplica } from './service-replica.ts';

/** What one service is run with, beside its plan. */
export interface ServiceLaunch {
  plan: ServicePlan;
  /** What is run for the plan's command. */
  command: string | string[];
  /** Its variables, given the addresses of the other services. */
  env(names: Record<string, string>): Record<string, string>;
}

export interface ServicesOptions {
  pod: Pod;
  limits: ResourceLimits;
  /** Of the pod; those of the plans are taken. */
  ports: PodPorts;
  /** Whether nobody uses the environment. */
  isIdle(): boolean;
  limitOf(serviceName: string): LimitEvent['limit'] | undefined;
  onLine(plan: ServicePlan, line: string, stream: 'stdout' | 'stderr'): void;
  onState(state: ServiceState): void;
}

/** All services of a pod: started in order, each after the one before is ready, and kept running. */
export class Services {
  readonly groups: readonly ServiceGroup[];
  readonly #options: ServicesOptions;
  readonly #gate = new PauseGate();
  readonly #listeners = new Set<() => void>();
  #isSuspended = false;
  #isClosed = false;
  #starting: Promise<void> | undefined;
  #allUp = false;
  #changed = Promise.withResolvers<void>();

  constructor(launches: ServiceLaunch[], options: ServicesOptions) {
    this.#options = options;
    this.groups = launches.map((launch) => this.#group(launch));
  }

  get states(): ServiceState[] {
    const states = this.groups.flatMap((group) => group.states);
    if (!this.#isSuspended) return states;
    return states.map((state) =>
      state.status === 'failed' ? state : { ...state, status: 'suspended', failure: undefined },
    );
  }

  /** Why a service, and what waits for it, does not run; undefined while all do or may. */
  get failure(): Failure | undefined {
    return this.groups.map((group) => group.failure).find((failure) => failure !== undefined);
  }

  /** Begins to start them. */
  start(): void {
    this.#starting ??= this.#startInOrder();
  }

  /** Resolves when all are up, or when one was given up: `failure` tells. Rejects by the signal only. */
  async settled(signal: AbortSignal): Promise<void> {
    const aborted = Promise.withResolvers<never>();
    const abort = () => aborted.reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    try {
      signal.throwIfAborted();
      while (!this.#isClosed && !this.#allUp && !this.failure) {
        await Promise.race([this.#changed.promise, aborted.promise]);
      }
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  /** Starts those anew that the test picks and that were started before. */
  restart(test: (plan: ServicePlan) => boolean): void {
    for (const group of this.groups) {
      if (group.isStarted && test(group.plan)) for (const replica of group.replicas) replica.restart();
    }
  }

  /** Starts those anew that were given up; what waits for them goes on behind them. */
  retry(): void {
    this.restart((plan) => this.isGivenUp(plan));
  }

  /** Whether nothing runs of a service, and nothing will before something changes. */
  isGivenUp(plan: ServicePlan): boolean {
    return this.groups.some((group) => group.plan === plan && group.failure !== undefined);
  }

  /** The pod is about to be frozen: nothing is asked or started until {@link resume}. Idempotent. */
  suspend(): void {
    if (this.#isSuspended) return;
    this.#isSuspended = true;
    this.#gate.pause();
  }

  /** The pod runs again. */
  resume(): void {
    if (!this.#isSuspended) return;
    this.#isSuspended = false;
    this.#gate.resume();
    this.#tell();
  }

  /** Ends their processes for as long as `work` takes, then starts them again. */
  async whileStopped<T>(work: () => Promise<T>): Promise<T> {
    this.#gate.pause();
    try {
      const started = this.groups.filter(({ isStarted }) => isStarted);
      await Promise.all(started.flatMap(({ replicas }) => replicas.map((replica) => replica.recycle())));
      return await work();
    } finally {
      this.#gate.resume();
    }
  }

  /** Somebody uses the environment: health that was left alone is asked again. */
  wake(): void {
    for (const { replicas } of this.groups) for (const replica of replicas) replica.wake();
  }

  /** Told after every change of a state. Returns the way to unsubscribe. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Ends them all. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#tell();
    await Promise.all(this.groups.map((group) => group.close()));
    await this.#starting;
  }

  async #startInOrder(): Promise<void> {
    for (const group of this.groups) {
      if (this.#isClosed) return;
      group.start();
      await group.up();
    }
    this.#allUp = true;
    this.#tell();
  }

  #group({ plan, command, env }: ServiceLaunch): ServiceGroup {
    const { pod, limits, ports, isIdle, limitOf, onLine, onState } = this.#options;
    const replicas = Array.from({ length: plan.replicas }, (_, index) => {
      const isFirst = index === 0;
      return new ServiceReplica({
        plan,
        command,
        replica: plan.replicas > 1 ? index + 1 : undefined,
        port: isFirst && plan.port !== null ? plan.port : ports.take(),
        pod,
        env: () => env(serviceNames(this.#others(plan))),
        limits,
        gate: this.#gate,
        isIdle,
        limitOf,
        handlers: {
          onLine: (line, stream) => onLine(plan, line, stream),
          onState: (state) => {
            onState(state);
            group.noteChange();
            this.#tell();
          },
        },
      });
    });
    const group = new ServiceGroup(plan, replicas);
    return group;
  }

  /** In a pod without its own network a port is only known once its service started. */
  #others(plan: ServicePlan): NamedService[] {
    const arePortsKept = this.#options.pod.isolation.network === 'enforced';
    return this.groups
      .filter((group) => group.plan !== plan)
      .map((group) => ({
        plan: group.plan,
        port: arePortsKept || group.isStarted ? (group.replicas[0]?.port ?? null) : null,
      }));
  }

  #tell(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
    for (const listener of this.#listeners) listener();
  }
}
