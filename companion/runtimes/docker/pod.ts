import type { Duplex } from 'node:stream';
import type { Isolation } from '#shared/api/environment.ts';
import { connectThroughGateway } from '../gateway/client.ts';
import type { Outlet, Pod, PodSpec, PodUsage, Service, ServiceImage, ServiceSpec } from '../runtime.ts';
import { podGone } from '../supervisor/pod-errors.ts';
import type { RunningContainer } from './container.ts';
import type { Engine } from './engine.ts';
import type { Entrance } from './entrance.ts';
import type { LimitWatch, WatchedService } from './limit-watch.ts';
import type { LaunchedService, ServiceLauncher } from './service-launcher.ts';
import { containerUsage, UsageSum } from './usage.ts';

export interface DockerPodParts {
  engine: Engine;
  spec: PodSpec;
  entrance: Entrance;
  launcher: ServiceLauncher;
  isolation: Isolation;
  /** Null where this machine sees nothing of the containers. */
  watch: LimitWatch | null;
  /** Removes whatever else carries the pod's label. */
  removeRest(): Promise<void>;
}

/** A pod of containers: a gateway that owns the network namespace, and one container for each service. */
export class DockerPod implements Pod {
  readonly isolation: Isolation;
  readonly node = 'node';
  readonly gone: Promise<void>;
  readonly #parts: DockerPodParts;
  readonly #services = new Set<RunningContainer>();
  readonly #usage = new UsageSum();
  readonly #over = new AbortController();

  constructor(parts: DockerPodParts) {
    this.#parts = parts;
    this.isolation = parts.isolation;
    this.gone = parts.entrance.broken.then(() => this.#end());
  }

  outletPort(name: Outlet['name']): number {
    const outlet = this.#parts.spec.outlets?.find((candidate) => candidate.name === name);
    if (!outlet) throw new Error(`This pod has no outlet ${name}`);
    return outlet.port;
  }

  async usage(signal?: AbortSignal): Promise<PodUsage | null> {
    signal?.throwIfAborted();
    const ids = [this.#parts.entrance.gateway, ...this.#services].map(({ id }) => id);
    const usages = await Promise.all(
      ids.map(async (id) => ({ id, usage: await containerUsage(this.#parts.engine, id, signal) })),
    );
    if (usages.every(({ usage }) => usage === null)) return null;
    const diskBytes = this.#parts.watch?.diskBytes;
    return { ...this.#usage.add(usages), ...(diskBytes === undefined ? {} : { diskBytes }) };
  }

  async warm(image: ServiceImage | undefined, signal: AbortSignal): Promise<void> {
    if (this.#over.signal.aborted) throw podGone();
    await this.#parts.launcher.warm(image, AbortSignal.any([signal, this.#over.signal]));
  }

  async startService(spec: ServiceSpec, signal: AbortSignal): Promise<Service> {
    if (this.#over.signal.aborted) throw podGone();
    signal.throwIfAborted();
    const launched = await this.#launch(spec, signal);
    const { container, stopSignal } = launched;
    if (this.#over.signal.aborted) {
      await container.remove().catch(() => {}); // found by its label
      throw podGone();
    }
    this.#services.add(container);
    let isOutOfDisk = false;
    const watched: WatchedService = {
      name: spec.name,
      containerId: container.id,
      endForDisk: () => {
        isOutOfDisk = true;
        container.stop(0).catch(() => {}); // an engine that does not answer ends it by going away
      },
    };
    this.#parts.watch?.add(watched);
    const exited = container.exited.then((exit) => {
      this.#services.delete(container);
      this.#parts.watch?.delete(watched);
      if (!isOutOfDisk && !exit.outOfDisk) return exit;
      this.#parts.spec.onLimit?.({ limit: 'disk', service: spec.name, ended: true });
      return { ...exit, outOfDisk: true };
    });
    return {
      name: spec.name,
      port: spec.port,
      exited,
      stop: async () => {
        await container.stop(spec.stopGraceMs, stopSignal);
        await exited;
      },
    };
  }

  connect(port: number, signal?: AbortSignal): Promise<Duplex> {
    const { entrance, spec } = this.#parts;
    return connectThroughGateway({ address: entrance.address, secret: spec.secret, port, signal });
  }

  async suspend(): Promise<void> {
    this.#parts.watch?.pause();
    const services = [...this.#services, ...(await this.#parts.launcher.waiting())];
    await Promise.all(services.map((service) => service.pause()));
    await this.#parts.entrance.gateway.pause();
  }

  async resume(): Promise<void> {
    const services = [...this.#services, ...(await this.#parts.launcher.waiting())];
    await Promise.all([this.#parts.entrance.gateway, ...services].map((container) => container.unpause()));
    this.#parts.watch?.resume();
  }

  /** Does not reject for an engine that is gone: nothing can be done then that its next sweep does not do. */
  async destroy(): Promise<void> {
    this.#over.abort(podGone());
    await Promise.allSettled([...this.#services].map((service) => service.remove()));
    await this.#parts.entrance.gateway.remove().catch(() => {});
    await this.gone;
  }

  async #launch(spec: ServiceSpec, signal: AbortSignal): Promise<LaunchedService> {
    try {
      return await this.#parts.launcher.launch(spec, AbortSignal.any([signal, this.#over.signal]));
    } catch (error) {
      signal.throwIfAborted();
      if (this.#over.signal.aborted) throw podGone();
      throw error;
    }
  }

  async #end(): Promise<void> {
    this.#over.abort(podGone());
    const { entrance, launcher, removeRest, watch } = this.#parts;
    watch?.close();
    await Promise.allSettled([...this.#services].map((service) => service.remove()));
    await Promise.allSettled([
      entrance.gateway.remove(),
      ...(await launcher.waiting()).map((blank) => blank.remove()),
    ]);
    await entrance.close().catch(() => {}); // what is left of it has the pod's label
    await removeRest().catch(() => {});
  }
}
