import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { Failure, ServiceState } from '#shared/api/environment.ts';
import { durationMs } from '#shared/config/duration.ts';
import type { ResourceLimits } from '#shared/config/environment-config.ts';
import { VitrineError } from '#shared/errors.ts';
import { printedPort } from '../../builder/devserver/printed-port.ts';
import type { ServicePlan } from '../../detection/service-plan.ts';
import { LastLines } from '../../runtimes/last-lines.ts';
import type { LimitEvent, Pod, Service } from '../../runtimes/runtime.ts';
import { HealthWatch } from './health-watch.ts';
import type { PauseGate } from './pause-gate.ts';
import { exitFailure, notListening, notStarted, unhealthy } from './service-failures.ts';
import { answers, type Probe, waitUntilAnswers } from './service-health.ts';

/** A service that listens on nothing is taken for running when it has lived for this long. */
const ALIVE_MS = 1_000;
/** Of what a service printed last, as much goes into the failure's message. */
const KEPT_LINES = 5;
/** A port that a service printed counts when its own is still closed this long after, ms. */
const PRINTED_GRACE_MS = 1_000;

/** What a service is run with. */
export interface ServiceSetup {
  plan: ServicePlan;
  /** What is run for the plan's command; messages name the plan's. */
  command: string | string[];
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
}

export interface LifeHandlers {
  onLine(line: string, stream: 'stdout' | 'stderr'): void;
  /** It is up, well again, or not well. */
  onHealth(health: Pick<ServiceState, 'status' | 'failure'>): void;
}

/** How a life ended by itself. */
export interface Outcome {
  failure: Failure;
  /** Another start would end the same. */
  isFinal: boolean;
}

/** One process of a service, from its start to its end: waits until it answers, then watches its health. */
export class ServiceLife {
  readonly #name: string;
  readonly #setup: ServiceSetup;
  readonly #handlers: LifeHandlers;
  readonly #lastLines = new LastLines(KEPT_LINES);
  #service: Service | undefined;
  #printed: { port: number; at: number } | undefined;
  #port: number | undefined;
  #watch: HealthWatch | undefined;

  /** `name` is the one among the pod's services. */
  constructor(name: string, setup: ServiceSetup, handlers: LifeHandlers) {
    this.#name = name;
    this.#setup = setup;
    this.#handlers = handlers;
  }

  /** The port it listens on inside the pod; undefined until it is started. */
  get port(): number | undefined {
    return this.#port ?? this.#service?.port;
  }

  /** Resolves with why it failed, or null when `asked` ended it. Never rejects. */
  live(asked: AbortSignal): Promise<Outcome | null> {
    return this.#live(asked).catch((error: Error) => cannotStart(this.#setup.plan, error));
  }

  /** Somebody uses it: its health counts again. */
  wake(): void {
    this.#watch?.wake();
  }

  /** Ends the process. */
  async close(): Promise<void> {
    this.#watch?.close();
    await this.#service?.stop();
  }

  async #live(asked: AbortSignal): Promise<Outcome | null> {
    const { plan, limits, limitOf } = this.#setup;
    const service = await this.#start(asked);
    this.#service = service;
    const over = new AbortController();
    const exited = service.exited.then((exit) => {
      over.abort();
      const failure = exitFailure(plan, exit, this.#lastLines.all, limits, limitOf(this.#name));
      return { failure, isFinal: false };
    });
    const cameUp = await this.#waitUntilUp(service, AbortSignal.any([over.signal, asked]));
    if (cameUp === 'ready') {
      this.#handlers.onHealth({ status: 'running', failure: undefined });
      this.#watch = asked.aborted ? undefined : this.#watchHealth(service);
      const outcome = await Promise.race([exited, aborted(asked).then(() => null)]);
      this.#watch?.close();
      this.#watch = undefined;
      if (outcome) return outcome;
    } else if (cameUp === 'timeout') {
      await service.stop();
      const timeoutMs = durationMs(plan.health.timeout);
      return { failure: notListening(plan, service.port, timeoutMs, this.#lastLines.all), isFinal: true };
    } else if (over.signal.aborted && !asked.aborted) {
      return exited;
    }
    await service.stop();
    return null;
  }

  #start(asked: AbortSignal): Promise<Service> {
    const { plan, pod, port, command } = this.#setup;
    return pod.startService(
      {
        name: this.#name,
        command,
        cwd: plan.cwd,
        env: this.#setup.env(),
        port,
        image: plan.image,
        onOutput: (line, stream) => this.#noteLine(line, stream),
      },
      asked,
    );
  }

  async #waitUntilUp(service: Service, signal: AbortSignal): Promise<'ready' | 'timeout' | 'aborted'> {
    const { plan, gate } = this.#setup;
    if (plan.port !== null) {
      const timeoutMs = durationMs(plan.health.timeout);
      return waitUntilAnswers({ ...this.#probeOf(service), timeoutMs, gate, signal });
    }
    await delay(ALIVE_MS, undefined, { signal }).catch(() => undefined);
    await gate.opened(signal);
    return signal.aborted ? 'aborted' : 'ready';
  }

  #watchHealth(service: Service): HealthWatch | undefined {
    const { plan, gate, isIdle } = this.#setup;
    if (plan.health.path === undefined) return undefined;
    return new HealthWatch({
      intervalMs: durationMs(plan.health.interval),
      probe: (signal) => answers(this.#probeOf(service), signal),
      gate,
      isIdle,
      onChange: (isHealthy) =>
        this.#handlers.onHealth(
          isHealthy
            ? { status: 'running', failure: undefined }
            : { status: 'unhealthy', failure: unhealthy(plan) },
        ),
    });
  }

  #probeOf(service: Service): Probe {
    const { pod, plan } = this.#setup;
    const connect = (signal: AbortSignal) =>
      pod
        .connect(this.#port ?? service.port, signal)
        .catch((error: unknown) => this.#connectToPrinted(error, signal));
    return { connect, path: plan.health.path };
  }

  /** A program whose port is written into it listens there, whatever PORT says. */
  async #connectToPrinted(error: unknown, signal: AbortSignal): Promise<Duplex> {
    const { pod, gate } = this.#setup;
    const printed = this.#printed;
    const counts = printed && this.#mayChoosePort && gate.now() - printed.at > PRINTED_GRACE_MS;
    if (!counts) throw error;
    const connection = await pod.connect(printed.port, signal);
    this.#port = printed.port;
    return connection;
  }

  /** Copies of one service share the pod's ports, and other services print theirs. */
  get #mayChoosePort(): boolean {
    return this.#port === undefined && this.#setup.plan.replicas === 1;
  }

  #noteLine(line: string, stream: 'stdout' | 'stderr'): void {
    const port = this.#port === undefined ? printedPort(line) : null;
    if (port !== null) this.#printed = { port, at: this.#setup.gate.now() };
    this.#lastLines.note(line);
    this.#handlers.onLine(line, stream);
  }
}

/** Resolves when the signal is aborted. */
export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

/** What the configuration asks for in vain is not asked for again before somebody changes it. */
const cannotStart = (plan: ServicePlan, error: Error): Outcome => ({
  failure: notStarted(plan, error),
  isFinal: error instanceof VitrineError && error.status === 422,
});
