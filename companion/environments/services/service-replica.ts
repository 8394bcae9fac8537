import { setTimeout as delay } from 'node:timers/promises';
import type { ServiceState } from '#shared/api/environment.ts';
import { CrashCount } from './crash-count.ts';
import { aborted, type LifeHandlers, type Outcome, ServiceLife, type ServiceSetup } from './service-life.ts';

export interface ReplicaHandlers extends Pick<LifeHandlers, 'onLine'> {
  onState(state: ServiceState): void;
}

export interface ReplicaOptions extends ServiceSetup {
  /** Which copy, from 1; undefined when there is only one. */
  replica?: number;
  handlers: ReplicaHandlers;
}

/** Keeps one copy of a service running: starts it, and starts it anew with backoff. */
export class ServiceReplica {
  readonly #options: ReplicaOptions;
  readonly #closing = new AbortController();
  readonly #crashes = new CrashCount();
  #state: ServiceState;
  #life: ServiceLife | undefined;
  #lives = 0;
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
    return this.#life?.port ?? this.#options.port;
  }

  /** Its name among the pod's services. */
  get name(): string {
    const { plan, replica } = this.#options;
    return replica === undefined ? plan.name : `${plan.name}-${replica}`;
  }

  /** The same as long as the same process runs. */
  get life(): number {
    return this.#lives;
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
    this.#life?.wake();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#restart.abort();
    await this.#life?.close();
    await this.#loop;
    this.#changed.resolve();
  }

  async #run(): Promise<void> {
    const { gate } = this.#options;
    const closed = this.#closing.signal;
    while (!closed.aborted) {
      this.#restart = new AbortController();
      this.#set({ status: 'starting', failure: undefined });
      await gate.opened(closed);
      const startedAt = gate.now();
      const living = this.#live();
      this.#current = living;
      const outcome = await living;
      if (closed.aborted) return;
      if (!outcome) {
        this.#crashes.forget(); // asked to restart
        this.#state.restarts += 1;
        continue;
      }
      this.#crashes.note(startedAt, gate.now());
      await this.#afterEnd(outcome);
      if (this.#restart.signal.aborted) this.#crashes.forget();
    }
  }

  /** Resolves with why it failed, or null when a restart was asked for. */
  async #live(): Promise<Outcome | null> {
    const asked = AbortSignal.any([this.#restart.signal, this.#closing.signal]);
    if (asked.aborted) return null;
    this.#lives += 1;
    this.#life = new ServiceLife(this.name, this.#options, {
      onLine: (line, stream) => this.#options.handlers.onLine(line, stream),
      onHealth: (health) => this.#set(health),
    });
    return this.#life.live(asked);
  }

  /** Says how it ended, and waits for the time of the next start: where it was given up, until somebody asks. */
  async #afterEnd({ failure, isFinal }: Outcome): Promise<void> {
    const isGivenUp = this.#crashes.isLoop || isFinal;
    this.#set({
      status: isGivenUp ? 'failed' : 'exited',
      failure: this.#crashes.describe(failure),
      restarts: this.#state.restarts + 1,
    });
    const signal = AbortSignal.any([this.#restart.signal, this.#closing.signal]);
    if (isGivenUp) await aborted(signal);
    else await delay(this.#crashes.backoffMs, undefined, { signal }).catch(() => undefined);
  }

  #set(change: Partial<ServiceState>): void {
    this.#state = { ...this.#state, ...change };
    this.#options.handlers.onState(this.#state);
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
