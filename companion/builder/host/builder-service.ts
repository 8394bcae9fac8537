import { setTimeout as delay } from 'node:timers/promises';
import { VitrineError } from '#shared/errors.ts';
import type { Pod, Service, ServiceExit } from '../../runtimes/runtime.ts';
import type { BuilderEvent, BuilderOptions } from '../protocol.ts';
import { BuilderClient } from './builder-client.ts';
import { builderProgram } from './builder-program.ts';

/** In a pod with a network of its own; elsewhere the runtime chooses. */
const PORT = 4_173;
/** From the start of the process to its first answer; a loaded machine takes seconds. */
const READY_DEADLINE_MS = 30_000;
const POLL_MS = 15;
/** Pauses before a builder that ended is started again; after the last it stays down until a file changes. */
const RESTART_PAUSES_MS = [100, 500, 2_000, 5_000, 15_000];
/** A builder that lived this long has earned a fresh count. */
const HEALTHY_MS = 60_000;

export interface BuilderServiceSpec {
  pod: Pod;
  options: Omit<BuilderOptions, 'resumes'>;
  /** Whether there are pages of an earlier process, which `onReady` tells the new one of. */
  resumes(): boolean;
  /** More variables of its process: not among the options, which anybody sees in a list of processes. */
  env: Record<string, string>;
  /** A process answers; nothing else is asked of it until this resolves. */
  onReady(client: BuilderClient, signal: AbortSignal): Promise<void>;
  onEvent(event: BuilderEvent): void;
  onLine(text: string, stream: 'stdout' | 'stderr'): void;
  /** The builder ended by itself; `final` when it is not started again before a file changes. */
  onEnded(error: VitrineError, final: boolean): void;
  /** For tests, which do not wait that long. */
  restartPausesMs?: readonly number[];
}

/** What V8 prints when it ends the process itself, before the sandbox's own limit would. */
const HEAP_FULL = 'JavaScript heap out of memory';

/** Keeps the builder running in its pod, and passes on what it says. */
export class BuilderService {
  readonly #spec: BuilderServiceSpec;
  readonly #closing = new AbortController();
  #service: Service | null = null;
  #current: BuilderClient | null = null;
  #next = expected();
  /** Set while the builder is ended because nobody needs it. */
  #asleep: PromiseWithResolvers<void> | null = null;
  /** Set while it is down for good; resolved by a change that may have mended it. */
  #givenUp: PromiseWithResolvers<void> | null = null;
  #isHeapFull = false;
  #running: Promise<void> = Promise.resolve();

  constructor(spec: BuilderServiceSpec) {
    this.#spec = spec;
  }

  /** Starts the process. Rejects only if that cannot be done at all; readiness comes with the first event. */
  async start(signal: AbortSignal): Promise<void> {
    const service = await this.#startService(signal);
    this.#running = this.#run(service);
  }

  /** The running builder, or the next one; rejects when there will be none. Wakes one that sleeps. */
  client(): Promise<BuilderClient> {
    this.wake();
    return this.#next.promise;
  }

  /** The builder if it can be asked at once. */
  get current(): BuilderClient | null {
    return this.#current;
  }

  get isAsleep(): boolean {
    return this.#asleep !== null;
  }

  /** Ends the process until somebody asks for it. */
  sleep(): void {
    if (this.#asleep || this.#current === null || this.#closing.signal.aborted) return;
    this.#asleep = Promise.withResolvers();
    void this.#service?.stop();
  }

  wake(): void {
    this.#asleep?.resolve();
  }

  async changed(paths: string[]): Promise<void> {
    if (this.#asleep) return; // it reads everything when it wakes
    if (this.#givenUp) return this.#givenUp.resolve();
    try {
      await (await this.#next.promise).changed(paths, this.#closing.signal);
    } catch (error) {
      if (this.#closing.signal.aborted) return;
      // A builder that starts again reads everything anew: nothing is lost.
      if (error instanceof VitrineError) this.#spec.onLine(error.message, 'stderr');
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.wake();
    this.#givenUp?.resolve();
    await this.#service?.stop();
    await this.#running;
  }

  async #run(first: Service): Promise<void> {
    let service = first;
    for (let attempt = 0; ; ) {
      const startedAt = performance.now();
      const exit = await this.#serve(service);
      if (this.#closing.signal.aborted) break;
      if (this.#asleep) {
        await this.#asleep.promise;
        this.#asleep = null;
        if (this.#closing.signal.aborted) break;
        try {
          service = await this.#startService(this.#closing.signal);
          continue;
        } catch (error) {
          if (!this.#closing.signal.aborted) this.#spec.onEnded(down(error), true);
          break;
        }
      }
      attempt = performance.now() - startedAt > HEALTHY_MS ? 0 : attempt;
      const pause = (this.#spec.restartPausesMs ?? RESTART_PAUSES_MS)[attempt];
      this.#spec.onEnded(ended(exit, this.#isHeapFull), pause === undefined);
      attempt += 1;
      try {
        if (pause !== undefined) await delay(pause, undefined, { signal: this.#closing.signal });
        else {
          await this.#untilMended();
          if (this.#closing.signal.aborted) break;
          attempt = 0;
        }
        service = await this.#startService(this.#closing.signal);
      } catch (error) {
        // The pod is gone, or we are closing: there is nothing to start in.
        if (!this.#closing.signal.aborted) this.#spec.onEnded(down(error), true);
        break;
      }
    }
    this.#next.reject(down());
  }

  /** Whoever needs the builder meanwhile is told that there is none. */
  async #untilMended(): Promise<void> {
    this.#givenUp = Promise.withResolvers();
    this.#next.reject(down());
    await this.#givenUp.promise;
    this.#givenUp = null;
    this.#next = expected();
  }

  /** Listens to one process until it ends. */
  async #serve(service: Service): Promise<ServiceExit> {
    const over = new AbortController();
    const client = new BuilderClient(this.#spec.pod, service.port);
    const ready = this.#untilReady(service, AbortSignal.any([over.signal, this.#closing.signal]));
    const listening = this.#listen(client, ready, over.signal);
    const exit = await service.exited;
    over.abort();
    if (this.#current !== null) this.#next = expected();
    this.#current = null;
    await listening;
    client.close();
    return exit;
  }

  async #listen(client: BuilderClient, ready: Promise<void>, over: AbortSignal): Promise<void> {
    const signal = AbortSignal.any([over, this.#closing.signal]);
    try {
      await ready;
      await this.#spec.onReady(client, signal);
      this.#current = client;
      this.#next.resolve(client);
      while (!signal.aborted) {
        try {
          for await (const event of client.events(signal)) this.#spec.onEvent(event);
        } catch (error) {
          // One that was put to sleep ends them, too.
          if (signal.aborted || this.#asleep) return;
          this.#spec.onLine(`The builder's events broke off: ${(error as Error).message}`, 'stderr');
        }
        await delay(RESTART_PAUSES_MS[0], undefined, { signal });
      }
    } catch (error) {
      if (signal.aborted) return;
      this.#spec.onLine((error as Error).message, 'stderr');
      await this.#service?.stop();
    }
  }

  async #untilReady(service: Service, signal: AbortSignal): Promise<void> {
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(READY_DEADLINE_MS)]);
    for (;;) {
      try {
        (await this.#spec.pod.connect(service.port, deadline)).destroy();
        return;
      } catch (error) {
        if (deadline.aborted) throw down(error);
        await delay(POLL_MS, undefined, { signal: deadline }).catch(() => undefined);
      }
    }
  }

  async #startService(signal: AbortSignal): Promise<Service> {
    const { pod, env, onLine } = this.#spec;
    const options: BuilderOptions = { ...this.#spec.options, resumes: this.#spec.resumes() };
    this.#isHeapFull = false;
    this.#service = await pod.startService(
      {
        name: 'builder',
        command: [pod.node, builderProgram(), JSON.stringify(options)],
        cwd: options.root,
        env: { ...env, ...options.appEnv, NODE_ENV: 'development', NODE_NO_WARNINGS: '1' },
        port: PORT,
        onOutput: (text, stream) => {
          this.#isHeapFull ||= text.includes(HEAP_FULL);
          onLine(text, stream);
        },
      },
      signal,
    );
    return this.#service;
  }
}

/** A builder to come; nobody may be waiting for it when it does not. */
function expected(): PromiseWithResolvers<BuilderClient> {
  const next = Promise.withResolvers<BuilderClient>();
  next.promise.catch(() => undefined);
  return next;
}

function ended({ code, signal, ...exit }: ServiceExit, isHeapFull: boolean): VitrineError {
  const outOfMemory = exit.outOfMemory || isHeapFull;
  const how = outOfMemory ? 'ran out of memory' : `ended (${signal ?? `exit code ${code}`})`;
  return new VitrineError({
    code: outOfMemory ? 'BUILDER_OUT_OF_MEMORY' : 'BUILDER_ENDED',
    message: `The builder of the frontend ${how}.`,
    remedy: outOfMemory
      ? 'Raise isolation.frontend.memory_mb in .vibe-kanban/environment.yaml.'
      : 'Look at the environment’s console for what it printed before. It is started again when a file changes.',
    status: 502,
  });
}

function down(cause?: unknown): VitrineError {
  return new VitrineError({
    code: 'BUILDER_DOWN',
    message: 'The builder of the frontend does not answer.',
    remedy: 'Look at the environment’s console, and restart the environment.',
    status: 502,
    cause,
  });
}
