import type { Duplex } from 'node:stream';
import type { Isolation } from '#shared/api/environment.ts';
import { connectThroughGateway } from '../gateway/client.ts';
import type { GatewayAddress } from '../gateway/server.ts';
import { podGone } from '../process/service-table.ts';
import type { Pod, Service, ServiceSpec } from '../runtime.ts';
import { argumentsOf } from '../service-environment.ts';
import type { RunningContainer } from './container.ts';

export interface DockerPodParts {
  gateway: RunningContainer;
  address: GatewayAddress;
  secret: string;
  isolation: Isolation;
  /** Starts a container in the gateway's network namespace. */
  runService(spec: ServiceSpec, argv: string[], signal: AbortSignal): Promise<RunningContainer>;
  /** Removes whatever else createPod made. */
  cleanUp(): Promise<void>;
}

/** A pod of containers: a gateway that owns the network namespace, and one container for each service. */
export class DockerPod implements Pod {
  readonly isolation: Isolation;
  readonly node = 'node';
  readonly gone: Promise<void>;
  readonly #parts: DockerPodParts;
  readonly #services = new Set<RunningContainer>();
  #destroyed = false;

  constructor(parts: DockerPodParts) {
    this.#parts = parts;
    this.isolation = parts.isolation;
    this.gone = parts.gateway.exited.then(async () => {
      this.#destroyed = true;
      await Promise.allSettled([...this.#services].map((service) => service.remove()));
      await parts.cleanUp().catch(() => {});
    });
  }

  outletPort(name: string): number {
    throw new Error(`This pod has no outlet ${name}`);
  }

  async usage(): Promise<null> {
    return null;
  }

  async warm(): Promise<void> {}

  async startService(spec: ServiceSpec, signal: AbortSignal): Promise<Service> {
    if (this.#destroyed) throw podGone();
    signal.throwIfAborted();
    const container = await this.#parts.runService(spec, argumentsOf(spec.command), signal);
    if (this.#destroyed) {
      await container.remove();
      throw podGone();
    }
    this.#services.add(container);
    void container.exited.then(() => this.#services.delete(container));
    return {
      name: spec.name,
      port: spec.port,
      exited: container.exited,
      stop: async () => {
        await container.stop();
        await container.exited;
      },
    };
  }

  connect(port: number, signal?: AbortSignal): Promise<Duplex> {
    const { address, secret } = this.#parts;
    return connectThroughGateway({ address, secret, port, signal });
  }

  async suspend(): Promise<void> {
    await Promise.all([...this.#services].map((service) => service.pause()));
    await this.#parts.gateway.pause();
  }

  async resume(): Promise<void> {
    await this.#parts.gateway.unpause();
    await Promise.all([...this.#services].map((service) => service.unpause()));
  }

  async destroy(): Promise<void> {
    this.#destroyed = true;
    await Promise.all([...this.#services].map((service) => service.remove()));
    await this.#parts.gateway.remove();
    await this.gone;
  }
}
