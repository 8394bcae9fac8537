import { setTimeout as delay } from 'node:timers/promises';
import type { VitrineError } from '#shared/errors.ts';
import type { Pod, Service, ServiceExit } from '../../runtimes/runtime.ts';
import type { OwnServer } from '../frontend.ts';
import type { ServerCommand } from './find-command.ts';
import { printedPort } from './printed-port.ts';
import { LastLines, serverDown, serverEnded, serverSilent } from './server-failures.ts';
import { serverVariables } from './server-variables.ts';

/** In a pod with a network of its own, where it takes the builder's place; elsewhere the runtime chooses. */
const PORT = 4_173;
/** How the command line names the port: the runtime may choose it, and tells the process alone. */
const PORT_WORD = process.platform === 'win32' ? '%PORT%' : '"$PORT"';
/** From the start of the process to its first answer: some bundle everything before they listen. */
const READY_DEADLINE_MS = 180_000;
const POLL_MS = 50;
/** A port that the server printed counts when the one it was told is still closed this long after, ms. */
const PRINTED_GRACE_MS = 1_000;
/** Pauses before a server that ended is started again; after the last it stays down. */
const RESTART_PAUSES_MS = [250, 1_000, 3_000, 8_000, 20_000];
/** A server that lived this long has earned a fresh count. */
const HEALTHY_MS = 60_000;

export interface ServerProcessSpec {
  pod: Pod;
  command: ServerCommand;
  /** Absolute; where it runs. */
  root: string;
  appEnv: Record<string, string>;
  server: OwnServer;
  onLine(text: string, stream: 'stdout' | 'stderr'): void;
  /** It answers there from now on; told before whoever waits. */
  onReady(port: number): void;
  /** It ended by itself, or never answered; `final` when it is not started again. */
  onEnded(error: VitrineError, final: boolean): void;
}

/** Keeps the project's dev server running in its pod, and knows where it listens. */
export class ServerProcess {
  readonly #spec: ServerProcessSpec;
  readonly #closing = new AbortController();
  readonly #lines = new LastLines();
  #service: Service | null = null;
  /** The port it answers on. */
  #next = expected();
  #port: number | null = null;
  #printed: { port: number; at: number } | null = null;
  /** Set while it is ended because nobody needs it. */
  #asleep: PromiseWithResolvers<void> | null = null;
  /** It ended again and again: nothing but a change of the project starts it. */
  #isGivenUp = false;
  #running: Promise<void> = Promise.resolve();

  constructor(spec: ServerProcessSpec) {
    this.#spec = spec;
  }

  /** Starts the process. Rejects only if that cannot be done at all. */
  async start(signal: AbortSignal): Promise<void> {
    const service = await this.#startService(signal);
    this.#running = this.#run(service);
  }

  /** Where it answers, once it does; rejects when it will not. Wakes one that sleeps. */
  port(): Promise<number> {
    if (!this.#isGivenUp) this.#asleep?.resolve();
    return this.#next.promise;
  }

  get isReady(): boolean {
    return this.#port !== null;
  }

  /** Ends the process until somebody asks for it. */
  sleep(): void {
    if (this.#asleep || this.#port === null || this.#closing.signal.aborted) return;
    this.#asleep = Promise.withResolvers();
    this.#next = expected();
    this.#port = null;
    void this.#service?.stop();
  }

  /** Starts a server that was given up anew: its project changed. */
  retry(): void {
    if (!this.#isGivenUp) return;
    this.#isGivenUp = false;
    this.#next = expected();
    this.#asleep?.resolve();
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error('The preview ended.'));
    this.#asleep?.resolve();
    await this.#service?.stop();
    await this.#running;
    this.#next.reject(serverDown());
  }

  async #run(first: Service): Promise<void> {
    const { signal } = this.#closing;
    let service = first;
    for (let attempt = 0; !signal.aborted; ) {
      const startedAt = performance.now();
      const error = await this.#serve(service);
      if (signal.aborted) return;
      if (!this.#asleep) {
        if (performance.now() - startedAt > HEALTHY_MS) attempt = 0;
        const pause = RESTART_PAUSES_MS[attempt];
        attempt += 1;
        this.#spec.onEnded(error, pause === undefined);
        if (pause === undefined) this.#giveUp(error);
        else await delay(pause, undefined, { signal }).catch(() => undefined);
      }
      if (this.#asleep) {
        await this.#asleep.promise;
        this.#asleep = null;
        attempt = 0;
      }
      if (signal.aborted) return;
      try {
        service = await this.#startService(signal);
      } catch (cause) {
        // The pod is gone: there is nothing to start in.
        if (!signal.aborted) this.#spec.onEnded(serverDown(cause), true);
        this.#next.reject(serverDown(cause));
        return;
      }
    }
  }

  /** Down until its project changes: what waits is told why, and so is what comes. */
  #giveUp(error: VitrineError): void {
    this.#next.reject(error);
    this.#asleep = Promise.withResolvers();
    this.#isGivenUp = true;
  }

  /** Until one process ends; answers what to tell about it. */
  async #serve(service: Service): Promise<VitrineError> {
    const over = new AbortController();
    let silent: VitrineError | null = null;
    const watching = this.#untilReady(service, AbortSignal.any([over.signal, this.#closing.signal])).then(
      (port) => {
        this.#port = port;
        this.#spec.onReady(port);
        this.#next.resolve(port);
      },
      async () => {
        if (over.signal.aborted || this.#closing.signal.aborted) return;
        silent = serverSilent(service.port, READY_DEADLINE_MS, this.#lines);
        await service.stop();
      },
    );
    const exit: ServiceExit = await service.exited;
    over.abort();
    await watching;
    if (this.#port !== null) this.#next = expected();
    this.#port = null;
    return silent ?? serverEnded(exit, this.#lines);
  }

  async #untilReady(service: Service, signal: AbortSignal): Promise<number> {
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(READY_DEADLINE_MS)]);
    for (;;) {
      if (await this.#answers(service.port, deadline)) return service.port;
      const printed = this.#printed;
      const isDue = printed && performance.now() - printed.at > PRINTED_GRACE_MS;
      if (isDue && (await this.#answers(printed.port, deadline))) return printed.port;
      await delay(POLL_MS, undefined, { signal: deadline });
    }
  }

  async #answers(port: number, deadline: AbortSignal): Promise<boolean> {
    try {
      (await this.#spec.pod.connect(port, deadline)).destroy();
      return true;
    } catch {
      deadline.throwIfAborted();
      return false;
    }
  }

  async #startService(signal: AbortSignal): Promise<Service> {
    const { pod, command, root, server, appEnv, onLine } = this.#spec;
    const origin = new URL(server.origin);
    this.#printed = null;
    this.#lines.clear();
    this.#service = await pod.startService(
      {
        name: 'frontend',
        command: server.withPath(command.line({ port: PORT_WORD, origin })),
        cwd: root,
        env: {
          ...server.env,
          ...appEnv,
          ...serverVariables(server.env.NODE_OPTIONS),
          ...command.framework?.env,
        },
        port: PORT,
        // Those that watch end with it: nobody is there any more.
        hasInput: true,
        onOutput: (line, stream) => {
          this.#lines.add(line);
          const port = printedPort(line);
          if (port !== null && !server.takenPorts.includes(port))
            this.#printed ??= { port, at: performance.now() };
          onLine(line, stream);
        },
      },
      signal,
    );
    return this.#service;
  }
}

/** A port to come; nobody may be waiting for it when it does not. */
function expected(): PromiseWithResolvers<number> {
  const next = Promise.withResolvers<number>();
  next.promise.catch(() => undefined);
  return next;
}
