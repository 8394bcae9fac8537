import type { Duplex } from 'node:stream';
import type { Isolation } from '#shared/api/environment.ts';
import { connectThroughGateway } from '../gateway/client.ts';
import type { Outlet, Pod, PodSpec, PodUsage, Service, ServiceImage, ServiceSpec } from '../runtime.ts';
import { argumentsOf, serviceEnvironment } from '../service-environment.ts';
import { podGone } from '../supervisor/pod-errors.ts';
import type { RunningContainer } from './container.ts';
import { findContainerGroup } from './container-group.ts';
import type { Engine } from './engine.ts';
import type { Entrance } from './entrance.ts';
import type { LimitWatch, WatchedContainer } from './limit-watch.ts';
import type { ContainedService, LaunchedService, ServiceLauncher } from './service-launcher.ts';
import { containerUsage, UsageSum } from './usage.ts';

/** Between SIGTERM and SIGKILL, unless told. */
const STOP_GRACE_MS = 3_000;

export interface DockerPodParts {
  engine: Engine;
  spec: PodSpec;
  entrance: Entrance;
  launcher: ServiceLauncher;
  isolation: Isolation;
  /** What services of the default image have in their environment, below their own. */
  serviceEnv: Record<string, string>;
  /** Null where this machine sees nothing of the containers. */
  watch: LimitWatch | null;
  /** Removes whatever else carries the pod's label. */
  removeRest(): Promise<void>;
}

/**
 * A pod of containers: its own, which has the gateway and the services of the default image, and one more for each
 * service with another image, which joins its network namespace.
 */
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
    const { group, memory, services } = parts.entrance.pod;
    parts.watch?.add({
      group,
      look: () => memory.look(),
      endForDisk: () => services.endFor('disk', null),
    });
  }

  outletPort(name: Outlet['name']): number {
    const outlet = this.#parts.spec.outlets?.find((candidate) => candidate.name === name);
    if (!outlet) throw new Error(`This pod has no outlet ${name}`);
    return outlet.port;
  }

  async usage(signal?: AbortSignal): Promise<PodUsage | null> {
    signal?.throwIfAborted();
    const ids = [this.#parts.entrance.pod.container, ...this.#services].map(({ id }) => id);
    const usages = await Promise.all(
      ids.map(async (id) => ({ id, usage: await containerUsage(this.#parts.engine, id, signal) })),
    );
    if (usages.every(({ usage }) => usage === null)) return null;
    const diskBytes = this.#parts.watch?.diskBytes;
    return { ...this.#usage.add(usages), ...(diskBytes === undefined ? {} : { diskBytes }) };
  }

  /** Services of the default image need nothing prepared: each is one more process in the pod's container. */
  async warm(image: ServiceImage | undefined, signal: AbortSignal): Promise<void> {
    if (!image) return;
    if (this.#over.signal.aborted) throw podGone();
    await this.#parts.launcher.warm(image, AbortSignal.any([signal, this.#over.signal]));
  }

  async startService(spec: ServiceSpec, signal: AbortSignal): Promise<Service> {
    if (this.#over.signal.aborted) throw podGone();
    signal.throwIfAborted();
    const { image } = spec;
    return image ? this.#startContained({ ...spec, image }, signal) : this.#startSupervised(spec, signal);
  }

  connect(port: number, signal?: AbortSignal): Promise<Duplex> {
    const { entrance, spec } = this.#parts;
    return connectThroughGateway({ address: entrance.address, secret: spec.secret, port, signal });
  }

  /** The pod's own container is not paused: its supervisor freezes the services, so that it can wake them at once. */
  async suspend(): Promise<void> {
    const { watch, entrance } = this.#parts;
    watch?.pause();
    await Promise.all((await this.#others()).map((container) => container.pause()));
    await entrance.pod.link.call('suspend');
  }

  async resume(): Promise<void> {
    const { watch, entrance } = this.#parts;
    await Promise.all([
      entrance.pod.link.call('resume'),
      ...(await this.#others()).map((container) => container.unpause()),
    ]);
    watch?.resume();
  }

  /** Does not reject for an engine that is gone: nothing can be done then that its next sweep does not do. */
  async destroy(): Promise<void> {
    this.#over.abort(podGone());
    await Promise.allSettled([...this.#services].map((service) => service.remove()));
    await this.#parts.entrance.pod.container.remove().catch(() => {});
    await this.gone;
  }

  async #others(): Promise<RunningContainer[]> {
    return [...this.#services, ...(await this.#parts.launcher.waiting())];
  }

  async #startSupervised(spec: ServiceSpec, signal: AbortSignal): Promise<Service> {
    const { entrance, serviceEnv, spec: pod } = this.#parts;
    const { services } = entrance.pod;
    const env = serviceEnvironment({
      given: spec.env,
      dataDirectory: pod.dataDirectory,
      port: spec.port,
      temporaryDirectory: '/tmp',
    });
    const command = { argv: argumentsOf(spec.command), cwd: spec.cwd, env: { ...serviceEnv, ...env } };
    const { id, exited } = await services.start(command, spec, signal);
    return {
      name: spec.name,
      port: spec.port,
      exited,
      stop: async () => {
        services.stop(id, spec.stopGraceMs ?? STOP_GRACE_MS);
        await exited;
      },
    };
  }

  async #startContained(spec: ContainedService, signal: AbortSignal): Promise<Service> {
    const { container, stopSignal } = await this.#launch(spec, signal);
    if (this.#over.signal.aborted) {
      await container.remove().catch(() => {}); // found by its label
      throw podGone();
    }
    this.#services.add(container);
    let isOutOfDisk = false;
    const { engine, watch } = this.#parts;
    const watched: WatchedContainer = {
      group: watch ? findContainerGroup(engine, container.id) : Promise.resolve(null),
      endForDisk: () => {
        isOutOfDisk = true;
        container.stop(0).catch(() => {}); // an engine that does not answer ends it by going away
      },
    };
    watch?.add(watched);
    const exited = container.exited.then((exit) => {
      this.#services.delete(container);
      watch?.delete(watched);
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

  async #launch(spec: ContainedService, signal: AbortSignal): Promise<LaunchedService> {
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
    entrance.pod.memory.close();
    await entrance.pod.services.endAll();
    await Promise.allSettled([...this.#services].map((service) => service.remove()));
    await Promise.allSettled([
      entrance.pod.container.remove(),
      ...(await launcher.waiting()).map((blank) => blank.remove()),
    ]);
    await entrance.close().catch(() => {}); // what is left of it has the pod's label
    await removeRest().catch(() => {});
  }
}
