import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { Isolation } from '#shared/api/environment.ts';
import { connectThroughGateway } from '../gateway/client.ts';
import type { GatewayAddress } from '../gateway/server.ts';
import type { Outlet, Pod, PodUsage, Service, ServiceExit, ServiceSpec } from '../runtime.ts';
import { argumentsOf, serviceEnvironment } from '../service-environment.ts';
import type { SupervisorLink } from '../supervisor/link.ts';
import { podGone } from '../supervisor/pod-errors.ts';
import type { Run, ServiceTable } from '../supervisor/service-table.ts';
import { returnPort, takeFreePort } from './free-port.ts';
import type { PodWatch } from './pod-watch.ts';

/** Between SIGTERM and SIGKILL, unless told. */
const STOP_GRACE_MS = 3_000;
/** How long the supervisor may take to end everything before it is ended itself. */
const HANG_UP_GRACE_MS = 1_500;
/** Another program can take a port between our choice and the service's listen: tried again this often. */
const MAX_PORT_RETRIES = 3;
/** A service that complains later than this about a taken port means another one. */
const PORT_RETRY_WINDOW_MS = 10_000;

export interface ProcessPodParts {
  link: SupervisorLink;
  services: ServiceTable;
  isolation: Isolation;
  address: GatewayAddress;
  secret: string;
  dataDirectory: string;
  path: string;
  temporaryDirectory: string;
  outletPorts: ReadonlyMap<string, number>;
  watch: PodWatch;
  usage(): Promise<PodUsage | null>;
  /** Told the process group of each service where no process namespace ends it. */
  onServicePid(pid: number): void;
  /** Removes what createPod made, after the last process is gone. */
  cleanUp(): Promise<void>;
}

/** A pod of plain processes under one supervisor. */
export class ProcessPod implements Pod {
  readonly isolation: Isolation;
  readonly node = process.execPath;
  readonly gone: Promise<void>;
  readonly #parts: ProcessPodParts;
  /** Ports of this machine, by the port that callers know a service under. */
  readonly #aliases = new Map<number, number>();
  #destroyed: Promise<void> | null = null;

  constructor(parts: ProcessPodParts) {
    this.#parts = parts;
    this.isolation = parts.isolation;
    this.gone = parts.link.ended.then(async () => {
      parts.watch.close();
      await parts.services.endAll();
      await parts.cleanUp();
    });
  }

  outletPort(name: Outlet['name']): number {
    const port = this.#parts.outletPorts.get(name);
    if (port === undefined) throw new RangeError(`Expected an outlet of the pod, got "${name}"`);
    return port;
  }

  async usage(signal?: AbortSignal): Promise<PodUsage | null> {
    signal?.throwIfAborted();
    return this.#parts.link.isOver ? null : this.#parts.usage();
  }

  /** A service is one more process here: there is nothing to prepare. */
  async warm(): Promise<void> {}

  async startService(spec: ServiceSpec, signal: AbortSignal): Promise<Service> {
    if (this.#parts.link.isOver) throw podGone();
    if (this.isolation.network === 'enforced') {
      const run = await this.#run(spec, spec.port, signal);
      return this.#service(spec, spec.port, run.exited, () => run);
    }
    return this.#startOnFreePort(spec, signal);
  }

  async connect(port: number, signal?: AbortSignal): Promise<Duplex> {
    const { address, secret } = this.#parts;
    return connectThroughGateway({ address, secret, port: this.#aliases.get(port) ?? port, signal });
  }

  async suspend(): Promise<void> {
    await this.#parts.link.call('suspend');
    this.#parts.watch.pause();
  }

  async resume(): Promise<void> {
    await this.#parts.link.call('resume');
    this.#parts.watch.resume();
  }

  destroy(): Promise<void> {
    this.#destroyed ??= this.#destroy();
    return this.#destroyed;
  }

  async #destroy(): Promise<void> {
    const { link } = this.#parts;
    link.hangUp();
    const over = new AbortController();
    await Promise.race([
      link.ended,
      delay(HANG_UP_GRACE_MS, undefined, { signal: over.signal }).catch(() => {}),
    ]);
    over.abort();
    link.kill();
    await this.gone;
  }

  #run(spec: ServiceSpec, port: number, signal: AbortSignal): Promise<Run> {
    const { services, dataDirectory, path, temporaryDirectory } = this.#parts;
    const env = serviceEnvironment({ given: spec.env, dataDirectory, path, port, temporaryDirectory });
    return services.start({ argv: argumentsOf(spec.command), cwd: spec.cwd, env }, spec, signal);
  }

  #service(spec: ServiceSpec, port: number, exited: Promise<ServiceExit>, current: () => Run): Service {
    return {
      name: spec.name,
      port,
      exited,
      stop: async () => {
        this.#parts.services.stop(current().id, spec.stopGraceMs ?? STOP_GRACE_MS);
        await exited;
      },
    };
  }

  /**
   * Without a network of its own the service gets a port of this machine. When another program was faster to
   * take that port, the service is started again on another, under the number its owner already knows.
   */
  async #startOnFreePort(spec: ServiceSpec, signal: AbortSignal): Promise<Service> {
    const exited = Promise.withResolvers<ServiceExit>();
    const known = await takeFreePort();
    let port = known;
    let retries = 0;
    let stopped = false;
    let portTaken = false;
    const startedAt = performance.now();
    const watched: ServiceSpec = {
      ...spec,
      onOutput: (line, stream) => {
        portTaken ||= line.includes('EADDRINUSE') && line.includes(String(port));
        spec.onOutput(line, stream);
      },
    };
    const begin = async (): Promise<Run> => {
      const run = await this.#run(watched, port, signal);
      this.#parts.onServicePid(run.pid);
      void run.exited.then(async (exit) => {
        const isEarly = performance.now() - startedAt < PORT_RETRY_WINDOW_MS;
        const retry = portTaken && isEarly && retries < MAX_PORT_RETRIES && !stopped && !signal.aborted;
        returnPort(port);
        this.#aliases.delete(known);
        if (!retry) return exited.resolve(exit);
        retries += 1;
        portTaken = false;
        try {
          port = await takeFreePort();
          this.#aliases.set(known, port);
          current = await begin();
        } catch {
          exited.resolve(exit);
        }
      });
      return run;
    };
    let current: Run;
    try {
      current = await begin();
    } catch (error) {
      returnPort(port);
      throw error;
    }
    const service = this.#service(spec, known, exited.promise, () => current);
    return {
      ...service,
      stop: () => {
        stopped = true;
        return service.stop();
      },
    };
  }
}
