import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { Failure } from '#shared/api/environment.ts';
import { VitrineError } from '#shared/errors.ts';
import type { BackendTarget, ChosenReplica } from '../../proxy/backend-target.ts';
import type { Pod } from '../../runtimes/runtime.ts';
import type { ServiceGroup } from './service-group.ts';
import type { ServiceReplica } from './service-replica.ts';
import type { Services } from './services.ts';

/** How long a request waits at most for a service that is not ready; the proxy gives most up before. */
const WAIT_MS = 30_000;
/** Requests of one environment that may wait: a page asks for dozens of things, a runaway client for thousands. */
const MAX_WAITING = 256;
/** A service that is up may be about to listen anew (a restart of its own): asked again for so long. */
const RECONNECT_MS = 2_000;
const RECONNECT_PAUSE_MS = 50;

export interface ServiceTargetOptions {
  services: Services;
  /** Name of the service that takes what no paths claim. */
  main: string;
  pod: Pod;
  waitMs?: number;
  maxWaiting?: number;
}

/** Sends each request to the service whose paths claim it, and there to the copy with the fewest requests. */
export class ServiceTarget implements BackendTarget {
  readonly #options: ServiceTargetOptions;
  readonly #routes: { prefix: string; group: ServiceGroup }[];
  readonly #closing = new AbortController();
  #waiting = 0;

  constructor(options: ServiceTargetOptions) {
    this.#options = options;
    const { groups } = options.services;
    // Of two services with one prefix the one that is not the main one has it: that one's may be a default.
    const mainLast = groups.toSorted((a, b) => Number(this.#isMain(a)) - Number(this.#isMain(b)));
    this.#routes = mainLast
      .flatMap((group) => group.plan.paths.map((path) => ({ prefix: path, group })))
      .sort((a, b) => b.prefix.length - a.prefix.length);
  }

  choose(request: IncomingMessage, signal?: AbortSignal): ChosenReplica | Promise<ChosenReplica> {
    const group = this.#groupFor(pathOf(request));
    this.#options.services.wake();
    const replica = group.choose();
    if (replica) return this.#chosen(group, replica);
    return this.#wait(group, signal).then((found) => this.#chosen(group, found));
  }

  get refusal(): VitrineError | undefined {
    const { aborted, reason } = this.#closing.signal;
    return aborted ? reason : undefined; // what close() says
  }

  /** Refuses what waits and what comes. */
  close(): void {
    this.#closing.abort(closed());
  }

  #groupFor(path: string): ServiceGroup {
    const { services } = this.#options;
    const route = this.#routes.find(({ prefix }) => isBelow(path, prefix));
    const group = route?.group ?? services.groups.find((each) => this.#isMain(each));
    if (!group) throw new Error(`The plan names no service ${this.#options.main}`);
    return group;
  }

  #isMain(group: ServiceGroup): boolean {
    return group.plan.name === this.#options.main;
  }

  /** Waits for a copy that is ready, the caller's patience and the bounds permitting. */
  #wait(group: ServiceGroup, signal?: AbortSignal): Promise<ServiceReplica> {
    const { services, waitMs = WAIT_MS, maxWaiting = MAX_WAITING } = this.#options;
    if (this.#waiting >= maxWaiting) return Promise.reject(tooMany(group, maxWaiting));
    const found = Promise.withResolvers<ServiceReplica>();
    const look = () => {
      const replica = group.choose();
      if (replica) return found.resolve(replica);
      const failure = this.#obstacle(group);
      if (failure) found.reject(refusal(failure));
    };
    const stopped = () => found.reject(this.#closing.signal.reason);
    const left = () => found.reject(signal?.reason);
    const timer = setTimeout(() => found.reject(tookTooLong(group, waitMs)), waitMs);
    const unsubscribe = services.onChange(look);
    this.#closing.signal.addEventListener('abort', stopped, { once: true });
    signal?.addEventListener('abort', left, { once: true });
    this.#waiting += 1;
    if (this.#closing.signal.aborted) stopped();
    else if (signal?.aborted) left();
    else look();
    return found.promise.finally(() => {
      this.#waiting -= 1;
      clearTimeout(timer);
      unsubscribe();
      this.#closing.signal.removeEventListener('abort', stopped);
      signal?.removeEventListener('abort', left);
    });
  }

  /** Why there will be no copy: the service was given up, or one that it waits for. */
  #obstacle(group: ServiceGroup): Failure | undefined {
    return group.isStarted ? group.failure : this.#options.services.failure;
  }

  #chosen(group: ServiceGroup, replica: ServiceReplica): ChosenReplica {
    const { life, state } = replica;
    replica.active += 1;
    let isReleased = false;
    return {
      key: `${replica.name}#${life}`,
      label: state.replica === undefined ? group.plan.name : `${group.plan.name} ${state.replica}`,
      port: replica.port,
      connect: (signal) => this.#connect(replica, life, signal),
      release: () => {
        if (isReleased) return;
        isReleased = true;
        replica.active -= 1;
      },
    };
  }

  async #connect(replica: ServiceReplica, life: number, signal?: AbortSignal): Promise<Duplex> {
    const signals = [this.#closing.signal, ...(signal ? [signal] : [])];
    const bounded = AbortSignal.any(signals);
    const deadline = performance.now() + RECONNECT_MS;
    for (;;) {
      try {
        return await this.#options.pod.connect(replica.port, bounded);
      } catch (error) {
        const isRefused = error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
        const mayListen = replica.isReady && replica.life === life && performance.now() < deadline;
        if (!isRefused || !mayListen || bounded.aborted) throw error;
        await delay(RECONNECT_PAUSE_MS, undefined, { signal: bounded });
      }
    }
  }
}

const pathOf = (request: IncomingMessage): string => (request.url ?? '/').split(/[?#]/, 1)[0] ?? '/';

/** `/api` covers `/api` and `/api/x`, not `/apis`. */
const isBelow = (path: string, prefix: string): boolean =>
  path === prefix || path.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`);

const refusal = ({ code, message, remedy }: Failure) =>
  new VitrineError({ code, message, remedy, status: 502 });

function tookTooLong(group: ServiceGroup, waitMs: number): VitrineError {
  const known = group.states.find(({ failure }) => failure)?.failure;
  return new VitrineError({
    code: 'BACKEND_NOT_READY',
    message: known?.message ?? `The service "${group.plan.name}" was not ready within ${waitMs / 1000} s.`,
    remedy: known?.remedy ?? 'Look at its log in the console; it may still be starting.',
    status: 503,
  });
}

const tooMany = (group: ServiceGroup, count: number) =>
  new VitrineError({
    code: 'BACKEND_BUSY',
    message: `${count} requests wait already for services that are not ready, "${group.plan.name}" among them.`,
    remedy: 'Try again when it is ready; its log is in the console.',
    status: 503,
  });

const closed = () =>
  new VitrineError({
    code: 'PREVIEW_STOPPED',
    message: 'The preview was stopped.',
    remedy: 'Start it again.',
    status: 503,
  });
