import { setTimeout as delay } from 'node:timers/promises';
import type { Failure, ServiceState } from '#shared/api/environment.ts';
import { durationMs } from '#shared/config/duration.ts';
import type { ServicePlan } from '../../detection/detect-project.ts';
import type { Pod, Service, ServiceExit } from '../../runtimes/runtime.ts';
import { waitUntilAnswers } from './service-health.ts';

/** A service that ended this often in a row without having been up is left alone until something changes. */
const MAX_FAILED_STARTS = 3;
/** Waited before the next start: doubled each time. */
const FIRST_BACKOFF_MS = 250;
/** A service that was up for this long failed for a new reason, not for the last one. */
const STABLE_MS = 10_000;
/** Of what a service printed last, as much goes into the failure's message. */
const KEPT_LINES = 5;

export interface BackendServiceHandlers {
  onLine(line: string, stream: 'stdout' | 'stderr'): void;
  onState(state: ServiceState): void;
}

/** Keeps one service of a pod running: starts it, watches its health, restarts it with backoff. */
export class BackendService {
  readonly #plan: ServicePlan;
  readonly #command: string | string[];
  readonly #pod: Pod;
  readonly #env: Record<string, string>;
  readonly #handlers: BackendServiceHandlers;
  readonly #closing = new AbortController();
  readonly #lastLines: string[] = [];
  #state: ServiceState;
  #service: Service | undefined;
  /** Aborted to ask for a restart; replaced at each start. */
  #restart = new AbortController();
  #settled = Promise.withResolvers<void>();
  #loop: Promise<void> | undefined;

  /** `command` is what is run for the plan's command; messages name the plan's. */
  constructor(
    plan: ServicePlan,
    command: string | string[],
    pod: Pod,
    env: Record<string, string>,
    handlers: BackendServiceHandlers,
  ) {
    this.#plan = plan;
    this.#command = command;
    this.#pod = pod;
    this.#env = env;
    this.#handlers = handlers;
    this.#state = { name: plan.name, status: 'starting', restarts: 0 };
  }

  get state(): ServiceState {
    return this.#state;
  }

  /** The port it listens on inside the pod. */
  get port(): number {
    return this.#service?.port ?? this.#plan.port;
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
        await Promise.race([this.#settled.promise, aborted.promise]);
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

  async close(): Promise<void> {
    this.#closing.abort();
    this.#restart.abort();
    await this.#service?.stop();
    await this.#loop;
    this.#settled.resolve();
  }

  async #run(): Promise<void> {
    let failedStarts = 0;
    while (!this.#closing.signal.aborted) {
      this.#restart = new AbortController();
      const startedAt = performance.now();
      this.#lastLines.length = 0;
      this.#set({ status: 'starting', failure: undefined });
      const failure = await this.#runOnce().catch((error: Error) => spawnFailure(this.#plan, error));
      if (this.#closing.signal.aborted) return;
      if (!failure) {
        failedStarts = 0; // asked to restart
        this.#state.restarts += 1;
        continue;
      }
      failedStarts = performance.now() - startedAt > STABLE_MS ? 1 : failedStarts + 1;
      const givenUp = failedStarts >= MAX_FAILED_STARTS || failure.code === 'BACKEND_NOT_LISTENING';
      this.#set({ status: givenUp ? 'failed' : 'exited', failure, restarts: this.#state.restarts + 1 });
      const asked = AbortSignal.any([this.#restart.signal, this.#closing.signal]);
      if (givenUp) await aborted(asked);
      else
        await delay(FIRST_BACKOFF_MS * 2 ** (failedStarts - 1), undefined, { signal: asked }).catch(
          () => undefined,
        );
      if (this.#restart.signal.aborted) failedStarts = 0;
    }
  }

  /** One life of the service. Resolves with why it failed, or null when a restart was asked for. */
  async #runOnce(): Promise<Failure | null> {
    const asked = AbortSignal.any([this.#restart.signal, this.#closing.signal]);
    const service = await this.#pod.startService(
      {
        name: this.#plan.name,
        command: this.#command,
        cwd: this.#plan.cwd,
        env: this.#env,
        port: this.#plan.port,
        image: this.#plan.image === undefined ? undefined : { name: this.#plan.image },
        onOutput: (line, stream) => this.#noteLine(line, stream),
      },
      asked,
    );
    this.#service = service;
    const over = new AbortController();
    const exited = service.exited.then((exit) => {
      over.abort();
      return exitFailure(this.#plan, exit, this.#lastLines);
    });
    const timeoutMs = durationMs(this.#plan.health.timeout);
    const health = waitUntilAnswers({
      connect: (signal) => this.#pod.connect(service.port, signal),
      path: this.#plan.health.path,
      timeoutMs,
      signal: AbortSignal.any([over.signal, asked]),
    });
    const answers = await health;
    if (answers === 'ready') {
      this.#set({ status: 'running', failure: undefined });
      const outcome = await Promise.race([exited, aborted(asked).then(() => null)]);
      if (outcome) return outcome;
    } else if (answers === 'timeout') {
      await service.stop();
      return notListening(this.#plan, service.port, timeoutMs);
    } else if (over.signal.aborted && !asked.aborted) {
      return exited;
    }
    await service.stop();
    return null;
  }

  #noteLine(line: string, stream: 'stdout' | 'stderr'): void {
    this.#lastLines.push(line.slice(0, 300));
    if (this.#lastLines.length > KEPT_LINES) this.#lastLines.shift();
    this.#handlers.onLine(line, stream);
  }

  #set(change: Partial<ServiceState>): void {
    this.#state = { ...this.#state, ...change };
    this.#handlers.onState(this.#state);
    this.#settled.resolve();
    this.#settled = Promise.withResolvers();
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

const commandText = ({ command }: ServicePlan) => (Array.isArray(command) ? command.join(' ') : command);

function exitFailure(plan: ServicePlan, exit: ServiceExit, lastLines: string[]): Failure {
  if (exit.outOfMemory) {
    return {
      code: 'BACKEND_OUT_OF_MEMORY',
      message: `The service "${plan.name}" used more memory than it may and was ended.`,
      remedy: 'Raise isolation.backend.resource_limits.memory_mb, or look for what grows.',
    };
  }
  const how = exit.signal ? `was ended by ${exit.signal}` : `exited with code ${exit.code}`;
  const said = lastLines.length > 0 ? ` Its last lines: ${lastLines.join(' ⏎ ')}` : ' It printed nothing.';
  return {
    code: 'BACKEND_EXITED',
    message: `The service "${plan.name}" (${commandText(plan)}) ${how}.${said}`,
    remedy: 'Correct what its log names; it is started again as soon as its files change.',
  };
}

const notListening = (plan: ServicePlan, port: number, timeoutMs: number): Failure => ({
  code: 'BACKEND_NOT_LISTENING',
  message: `The service "${plan.name}" (${commandText(plan)}) did not answer on port ${port} within ${timeoutMs / 1000} s.`,
  remedy:
    'Make it listen on the port in the PORT variable, or set isolation.backend.port to the one it uses.',
});

const spawnFailure = (plan: ServicePlan, error: Error): Failure => ({
  code: 'BACKEND_NOT_STARTED',
  message: `The service "${plan.name}" (${commandText(plan)}) could not be started: ${error.message}`,
  remedy: 'Check isolation.backend.command and that the program is installed.',
});
