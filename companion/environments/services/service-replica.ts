import { setTimeout as delay } from 'node:timers/promises';
import type { Failure, ServiceState } from '#shared/api/environment.ts';
import { durationMs } from '#shared/config/duration.ts';
import type { ResourceLimits } from '#shared/config/environment-config.ts';
import { VitrineError } from '#shared/errors.ts';
import type { ServicePlan } from '../../detection/service-plan.ts';
import type { LimitEvent, Pod, Service } from '../../runtimes/runtime.ts';
import { HealthWatch } from './health-watch.ts';
import type { PauseGate } from './pause-gate.ts';
import { crashLoop, exitFailure, notListening, notStarted, unhealthy } from './service-failures.ts';
import { answers, type Probe, waitUntilAnswers } from './service-health.ts';

/** A service that ended this often in a row without having been up is left alone until something changes. */
const MAX_FAILED_STARTS = 3;
/** So is one that comes up each time and ends this often within the time below. */
const MAX_ENDS = 8;
const ENDS_WITHIN_MS = 300_000;
/** Waited before the next start: doubled each time. */
const FIRST_BACKOFF_MS = 250;
/** A service that was up for this long failed for a new reason, not for the last one. */
const STABLE_MS = 10_000;
/** A service that listens on nothing is taken for running when it has lived for this long. */
const ALIVE_MS = 1_000;
/** Of what a service printed last, as much goes into the failure's message. */
const KEPT_LINES = 5;

export interface ReplicaHandlers {
  onLine(line: string, stream: 'stdout' | 'stderr'): void;
  onState(state: ServiceState): void;
}

export interface ReplicaOptions {
  plan: ServicePlan;
  /** What is run for the plan's command; messages name the plan's. */
  command: string | string[];
  /** Which copy, from 1; undefined when there is only one. */
  replica?: number;
  /** The port it should listen on. One that listens on nothing gets one too, unused. */
  port: number;
  pod: Pod;
  /** Its variables, asked for at each start. */
  env(): Record<string, string>;
  limits: ResourceLimits;
  gate: PauseGate;
  /** Whether nobody uses the environment: its health is not asked then. */
  isIdle(): boolean;
  /** What a service of the pod was ended for just now, where that is known. */
  limitOf(serviceName: string): LimitEvent['limit'] | undefined;
  handlers: ReplicaHandlers;
}

/** Keeps one copy of a service running: starts it, watches its health, restarts it with backoff. */
export class ServiceReplica {
  readonly #options: ReplicaOptions;
  readonly #closing = new AbortController();
  readonly #lastLines: string[] = [];
  #state: ServiceState;
  #service: Service | undefined;
  #watch: HealthWatch | undefined;
  #life = 0;
  /** Aborted to ask for a restart; replaced at each start. */
  #restart = new AbortController();
  #changed = Promise.withResolvers<void>();
  #loop: Promise<void> | undefined;
  /** The life that is going on, its end included. */
  #current: Promise<unknown> = Promise.resolve();
  /** Requests it has now. */
  active = 0;

  constructor(options: ReplicaOptions) {
    this.#options = options;
    const { plan, replica } = options;
    this.#state = { name: plan.name, replica, status: 'starting', restarts: 0 };
  }

  get state(): ServiceState {
    return this.#state;
  }

  /** The port it listens on inside the pod. */
  get port(): number {
    return this.#service?.port ?? this.#options.port;
  }

  /** Its name among the pod's services. */
  get name(): string {
    const { plan, replica } = this.#options;
    return replica === undefined ? plan.name : `${plan.name}-${replica}`;
  }

  /** The same as long as the same process runs. */
  get life(): number {
    return this.#life;
  }

  /** Whether it can be given requests. */
  get isReady(): boolean {
    return this.#state.status === 'running' && !this.#restart.signal.aborted;
  }

  /** Whether it failed and nothing was done about it yet. */
  get isGivenUp(): boolean {
    return this.#state.status === 'failed' && !this.#restart.signal.aborted;
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  /** Resolves when it is known whether the service came up: running, given up, or closed. Rejects by the signal only. */
  async settled(signal: AbortSignal): Promise<ServiceState> {
    const aborted = Promise.withResolvers<never>();
    const abort = () => aborted.reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    try {
      signal.throwIfAborted();
      while (!this.#closing.signal.aborted && ['starting', 'exited'].includes(this.#state.status)) {
        await Promise.race([this.#changed.promise, aborted.promise]);
      }
      return this.#state;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  /** Ends the service and starts it anew, also after it was given up. */
  restart(): void {
    this.#restart.abort();
  }

  /** As {@link restart}; resolves when the process there was is over. */
  async recycle(): Promise<void> {
    this.restart();
    await this.#current;
  }

  /** Somebody uses it: its health counts again. */
  wake(): void {
    this.#watch?.wake();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#restart.abort();
    this.#watch?.close();
    await this.#service?.stop();
    await this.#loop;
    this.#changed.resolve();
  }

  async #run(): Promise<void> {
    const { plan, gate } = this.#options;
    const closed = this.#closing.signal;
    let failedStarts = 0;
    let ends: number[] = [];
    while (!closed.aborted) {
      this.#restart = new AbortController();
      this.#lastLines.length = 0;
      this.#set({ status: 'starting', failure: undefined });
      await gate.opened(closed);
      const startedAt = gate.now();
      const living = this.#runOnce().catch((error: Error) => cannotStart(plan, error));
      this.#current = living;
      const outcome = await living;
      if (closed.aborted) return;
      if (!outcome) {
        failedStarts = 0; // asked to restart
        ends = [];
        this.#state.restarts += 1;
        continue;
      }
      const now = gate.now();
      failedStarts = now - startedAt > STABLE_MS ? 1 : failedStarts + 1;
      ends = [...ends.filter((at) => now - at < ENDS_WITHIN_MS), now];
      const isLoop = failedStarts >= MAX_FAILED_STARTS || ends.length >= MAX_ENDS;
      const failure = isLoop
        ? crashLoop(outcome.failure, ends.length, now - (ends[0] ?? now))
        : outcome.failure;
      const isGivenUp = isLoop || outcome.isFinal;
      this.#set({ status: isGivenUp ? 'failed' : 'exited', failure, restarts: this.#state.restarts + 1 });
      const asked = AbortSignal.any([this.#restart.signal, closed]);
      if (isGivenUp) await aborted(asked);
      else
        await delay(FIRST_BACKOFF_MS * 2 ** (failedStarts - 1), undefined, { signal: asked }).catch(
          () => undefined,
        );
      if (this.#restart.signal.aborted) {
        failedStarts = 0;
        ends = [];
      }
    }
  }

  /** One life of the service. Resolves with why it failed, or null when a restart was asked for. */
  async #runOnce(): Promise<Outcome | null> {
    const { plan, pod, port, command, limits, limitOf } = this.#options;
    const asked = AbortSignal.any([this.#restart.signal, this.#closing.signal]);
    if (asked.aborted) return null;
    this.#life += 1;
    const service = await pod.startService(
      {
        name: this.name,
        command,
        cwd: plan.cwd,
        env: this.#options.env(),
        port,
        image: plan.image,
        onOutput: (line, stream) => this.#noteLine(line, stream),
      },
      asked,
    );
    this.#service = service;
    const over = new AbortController();
    const exited = service.exited.then((exit) => {
      over.abort();
      const failure = exitFailure(plan, exit, this.#lastLines, limits, limitOf(this.name));
      return { failure, isFinal: false };
    });
    const cameUp = await this.#waitUntilUp(service, AbortSignal.any([over.signal, asked]));
    if (cameUp === 'ready') {
      this.#set({ status: 'running', failure: undefined });
      this.#watch = this.#watchHealth(service);
      const outcome = await Promise.race([exited, aborted(asked).then(() => null)]);
      this.#watch?.close();
      this.#watch = undefined;
      if (outcome) return outcome;
    } else if (cameUp === 'timeout') {
      await service.stop();
      const timeoutMs = durationMs(plan.health.timeout);
      return { failure: notListening(plan, service.port, timeoutMs), isFinal: true };
    } else if (over.signal.aborted && !asked.aborted) {
      return exited;
    }
    await service.stop();
    return null;
  }

  async #waitUntilUp(service: Service, signal: AbortSignal): Promise<'ready' | 'timeout' | 'aborted'> {
    const { plan, gate } = this.#options;
    if (plan.port !== null) {
      const timeoutMs = durationMs(plan.health.timeout);
      return waitUntilAnswers({ ...this.#probeOf(service), timeoutMs, gate, signal });
    }
    await delay(ALIVE_MS, undefined, { signal }).catch(() => undefined);
    await gate.opened(signal);
    return signal.aborted ? 'aborted' : 'ready';
  }

  #watchHealth(service: Service): HealthWatch | undefined {
    const { plan, gate, isIdle } = this.#options;
    if (plan.health.path === undefined || this.#closing.signal.aborted) return undefined;
    return new HealthWatch({
      intervalMs: durationMs(plan.health.interval),
      probe: (signal) => answers(this.#probeOf(service), signal),
      gate,
      isIdle,
      onChange: (isHealthy) =>
        this.#set(
          isHealthy
            ? { status: 'running', failure: undefined }
            : { status: 'unhealthy', failure: unhealthy(plan) },
        ),
    });
  }

  #probeOf(service: Service): Probe {
    const { pod, plan } = this.#options;
    return { connect: (signal) => pod.connect(service.port, signal), path: plan.health.path };
  }

  #noteLine(line: string, stream: 'stdout' | 'stderr'): void {
    this.#lastLines.push(line.slice(0, 300));
    if (this.#lastLines.length > KEPT_LINES) this.#lastLines.shift();
    this.#options.handlers.onLine(line, stream);
  }

  #set(change: Partial<ServiceState>): void {
    this.#state = { ...this.#state, ...change };
    this.#options.handlers.onState(this.#state);
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}

interface Outcome {
  failure: Failure;
  /** Another start would end the same. */
  isFinal: boolean;
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

/** What the configuration asks for in vain is not asked for again before somebody changes it. */
const cannotStart = (plan: ServicePlan, error: Error): Outcome => ({
  failure: notStarted(plan, error),
  isFinal: error instanceof VitrineError && error.status === 422,
});
