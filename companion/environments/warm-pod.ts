import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import type { RuntimeName } from '#shared/identifiers.ts';
import type { Pod, PodSpec, Runtime, ServiceImage } from '../runtimes/runtime.ts';
import { removeMountPoints } from './mount-points.ts';
import { podFingerprint } from './pod-spec.ts';

/** What a new environment takes over from a pod that was made ahead. */
export interface WarmClaim {
  /** The environment has this id and secret, and no others: the pod was made with them. */
  readonly environmentId: string;
  readonly secret: string;
  /** The pod, if it is still the very one that the runtime would make of the specification; null when not. */
  take(spec: PodSpec, runtime: RuntimeName, signal: AbortSignal): Promise<Pod | null>;
  /** Ends the pod unless it was taken. Idempotent. */
  release(): Promise<void>;
}

export interface WarmPodOptions {
  spec: PodSpec;
  /** What was made for its mounts. */
  ownDirectory: string;
  runtime: Runtime;
  /** What its first service will run in. */
  image: ServiceImage | undefined;
  /** The pod ended by itself. */
  onGone(): void;
}

/**
 * A pod without services, made for an environment that does not exist yet. It is not suspended while it waits: a
 * gateway that nobody calls uses no processor time, and frozen it would keep its memory all the same.
 */
export class WarmPod implements WarmClaim {
  readonly #options: WarmPodOptions;
  readonly #closing = new AbortController();
  readonly #created: Promise<Pod>;
  /** What the owner of the pod gave; from then on its outlets lead there. */
  #owner: PodSpec | undefined;

  /** Begins to make it. */
  constructor(options: WarmPodOptions) {
    this.#options = options;
    this.#created = this.#create();
    this.#created.catch(() => undefined); // told by ready() and take()
  }

  get environmentId(): string {
    return this.#options.spec.environmentId;
  }
  get secret(): string {
    return this.#options.spec.secret;
  }

  /** Rejects when it could not be made. */
  async ready(): Promise<void> {
    await this.#created;
  }

  isFor(spec: PodSpec, runtime: RuntimeName): boolean {
    return (
      runtime === this.#options.runtime.name && podFingerprint(spec) === podFingerprint(this.#options.spec)
    );
  }

  async take(spec: PodSpec, runtime: RuntimeName, signal: AbortSignal): Promise<Pod | null> {
    if (this.#owner || this.#closing.signal.aborted) return null;
    if (!this.isFor(spec, runtime)) {
      await this.release();
      return null;
    }
    const stop = () => this.#closing.abort(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    const pod = await this.#created.catch(() => null);
    signal.removeEventListener('abort', stop);
    if (!pod || this.#owner || this.#closing.signal.aborted || signal.aborted) {
      await this.release();
      signal.throwIfAborted();
      return null;
    }
    this.#owner = spec;
    return pod;
  }

  async release(): Promise<void> {
    if (this.#owner) return;
    this.#closing.abort(new Error('The sandbox is not wanted any more'));
    const pod = await this.#created.catch(() => null);
    await pod?.destroy();
    await removeMountPoints(this.#options.spec.mounts);
  }

  /** As {@link release}, with the directories: there is no environment that would own them. */
  async discard(): Promise<void> {
    await this.release();
    const { spec, ownDirectory } = this.#options;
    for (const path of [spec.dataDirectory, spec.runDirectory, ownDirectory])
      await rm(path, { recursive: true, force: true });
  }

  async #create(): Promise<Pod> {
    const { spec, runtime, image, onGone } = this.#options;
    const { signal } = this.#closing;
    await mkdir(join(spec.dataDirectory, 'cache'), { recursive: true, mode: 0o700 });
    const pod = await runtime.createPod(this.#redirected(), signal);
    try {
      await pod.warm(image, signal);
      signal.throwIfAborted();
    } catch (error) {
      await pod.destroy();
      throw error;
    }
    void pod.gone.then(() => {
      if (this.#owner || signal.aborted) return;
      this.#closing.abort(new Error('The sandbox ended'));
      onGone();
    });
    return pod;
  }

  /** The specification, whose outlets and reports lead to the owner there will be. */
  #redirected(): PodSpec {
    const { spec } = this.#options;
    return {
      ...spec,
      outlets: spec.outlets?.map((outlet) => ({
        ...outlet,
        accept: (connection: Duplex) => {
          const owners = this.#owner?.outlets?.find(({ name }) => name === outlet.name);
          if (owners) owners.accept(connection);
          else connection.destroy();
        },
      })),
      onLimit: (event) => this.#owner?.onLimit?.(event),
    };
  }
}
