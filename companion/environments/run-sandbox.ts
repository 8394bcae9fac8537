import { mkdir } from 'node:fs/promises';
import type { Duplex } from 'node:stream';
import type { ProjectPlan } from '../detection/detect-project.ts';
import type { LimitEvent, Mount, Pod } from '../runtimes/runtime.ts';
import { podSpec } from './pod-spec.ts';
import type { RunContext } from './run-context.ts';

export interface SandboxHandlers {
  /** It reached a limit. */
  onLimit(event: LimitEvent): void;
  /** It ended, be it because somebody asked. */
  onGone(): void;
}

/** The sandbox of one life of an environment: made once, and waited for by what runs in it. */
export class RunSandbox {
  readonly #context: RunContext;
  /** Absolute directory that it has to find there. */
  readonly #cacheDirectory: string;
  readonly #handlers: SandboxHandlers;
  #pod: Pod | undefined;
  #coming = Promise.withResolvers<Pod>();

  constructor(context: RunContext, cacheDirectory: string, handlers: SandboxHandlers) {
    this.#context = context;
    this.#cacheDirectory = cacheDirectory;
    this.#handlers = handlers;
  }

  get pod(): Pod | undefined {
    return this.#pod;
  }

  /** Resolves with the one that is made, or is there. Rejects with why there is none. */
  get coming(): Promise<Pod> {
    return this.#coming.promise;
  }

  /** A start begins: whoever waits from here on gets the sandbox of this one. */
  expect(): void {
    if (!this.#pod) this.#coming = Promise.withResolvers();
    this.#coming.promise.catch(() => undefined); // told by the start
  }

  /** The start failed: nobody is to wait for one that will not be. */
  giveUp(error: unknown): void {
    this.#coming.reject(error);
  }

  /** Makes it, unless it is there: taken over where one was made ahead. */
  async create(plan: ProjectPlan, mounts: Mount[], signal: AbortSignal): Promise<Pod> {
    if (this.#pod) return this.#pod;
    const pod = await this.#context.steps.run(
      'sandbox',
      () => this.#create(plan, mounts, signal),
      () => undefined,
    );
    this.#pod = pod;
    void pod.gone.then(() => this.#handlers.onGone());
    return pod;
  }

  async #create(plan: ProjectPlan, mounts: Mount[], signal: AbortSignal): Promise<Pod> {
    const { record, parts, egress, warmPod } = this.#context;
    try {
      await mkdir(this.#cacheDirectory, { recursive: true, mode: 0o700 });
      const { paths, database, runtime } = parts;
      const handlers = {
        egress: egress ? (connection: Duplex) => egress.accept(connection) : null,
        onLimit: (event: LimitEvent) => this.#handlers.onLimit(event),
      };
      const spec = podSpec({ record, paths, database, plan, mounts, handlers });
      const pod =
        (await warmPod?.take(spec, runtime.name, signal)) ?? (await runtime.createPod(spec, signal));
      this.#coming.resolve(pod);
      return pod;
    } catch (error) {
      this.#coming.reject(error);
      throw error;
    }
  }
}
