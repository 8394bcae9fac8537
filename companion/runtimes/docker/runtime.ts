import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { installMounts } from '../install-directory.ts';
import { isInside } from '../mounts/paths.ts';
import { type Bind, planMounts } from '../mounts/plan.ts';
import { giveTree, podOwner } from '../ownership.ts';
import { writeHostsFile } from '../process/hosts-file.ts';
import type { Pod, PodSpec, Runtime, RuntimeProbe } from '../runtime.ts';
import { homeDirectory } from '../service-environment.ts';
import { type Connection, connectEngine } from './connection.ts';
import { statusOf } from './engine.ts';
import { containerUser, engineInfo, isolationOf, NO_ISOLATION } from './engine-info.ts';
import { openDoorEntrance, openSocketEntrance } from './entrance.ts';
import { ENVIRONMENT_LABEL, HOME_LABEL, homeLabelValue, POD_LABEL } from './labels.ts';
import { removeLabelled } from './leftovers.ts';
import { LimitWatch } from './limit-watch.ts';
import { removeHalfMadeImages } from './node-image.ts';
import { passwdBinds } from './passwd-file.ts';
import { DockerPod } from './pod.ts';
import { ServiceLauncher } from './service-launcher.ts';

export interface DockerRuntimeOptions {
  /** Where the runtime keeps its programs; its hash marks the containers as this companion's. */
  stateDirectory: string;
  /** Never shown to a pod, even where a mount around them would: the companion's token is in there. */
  hidden?: string[];
  /** Unix socket of the engine; DOCKER_HOST or the usual places unless told. */
  socketPath?: string;
  /** How pods are entered: over a socket where the engine is on this machine, else through a door. */
  entrance?: 'socket' | 'door';
}

/** Pods of Docker's or Podman's containers. */
export class DockerRuntime implements Runtime {
  readonly name = 'docker';
  readonly #options: DockerRuntimeOptions;
  readonly #homeLabel: string;
  /** Pods of this companion that are alive: no leftovers. */
  readonly #alive = new Set<string>();
  #connection: Promise<Connection> | null = null;
  #wasSwept = false;

  constructor(options: DockerRuntimeOptions) {
    this.#options = options;
    this.#homeLabel = `${HOME_LABEL}=${homeLabelValue(options.stateDirectory)}`;
  }

  async probe(signal?: AbortSignal): Promise<RuntimeProbe> {
    try {
      signal?.throwIfAborted();
      const connection = await this.#connect();
      // Asked anew each time: it may have been stopped, or be another one now.
      connection.info = await engineInfo(connection.engine);
      const { name, obstacle, tellsOutOfMemory } = connection.info;
      const remark = tellsOutOfMemory
        ? ''
        : ' (on cgroup v1 it does not say when a service with an image of its own ran out of memory)';
      return {
        available: obstacle === null,
        detail: obstacle ? `${name}: ${obstacle}` : `${name}${remark}`,
        isolation: obstacle ? NO_ISOLATION : isolationOf(connection.info),
      };
    } catch (error) {
      signal?.throwIfAborted();
      return {
        available: false,
        detail: error instanceof Error ? error.message : String(error),
        isolation: NO_ISOLATION,
      };
    }
  }

  async createPod(spec: PodSpec, signal: AbortSignal): Promise<Pod> {
    signal.throwIfAborted();
    const { stateDirectory } = this.#options;
    const connection = await this.#connect();
    const { engine, images, info } = connection;
    const podId = randomBytes(6).toString('hex');
    this.#alive.add(podId);
    try {
      const [image, owner] = await Promise.all([
        images.node(signal),
        podOwner(spec.worktree),
        this.#removeLeftovers(connection, spec.environmentId),
      ]);
      await mkdir(homeDirectory(spec.dataDirectory), { recursive: true, mode: 0o700 });
      await giveTree(spec.dataDirectory, owner);
      const binds = await this.#serviceBinds(spec);
      const labels = {
        ...Object.fromEntries([this.#homeLabel.split('=')]),
        [ENVIRONMENT_LABEL]: spec.environmentId,
        [POD_LABEL]: podId,
      };
      const hostname = hostnameOf(spec.environmentId);
      await mkdir(spec.runDirectory, { recursive: true, mode: 0o700 });
      // Engines differ in what joined containers see of each other's names, and some show the machine's own.
      const hosts = await writeHostsFile(spec.runDirectory, [hostname, ...(spec.hostNames ?? [])]);
      const mode = this.#options.entrance ?? (info.isLocal ? 'socket' : 'door');
      const open = mode === 'socket' ? openSocketEntrance : openDoorEntrance;
      const removeRest = () => removeLabelled(engine, [`${POD_LABEL}=${podId}`]);
      const user = containerUser(owner, info);
      const shared = {
        ...{ podId, labels, user, hostname },
        binds: [...binds, { source: hosts, target: '/etc/hosts', writable: false }],
        masks: this.#masksFor(binds),
      };
      const entrance = await open({
        ...{ connection, spec, image: image.reference, stateDirectory, signal },
        ...shared,
        binds: [...shared.binds, ...(await passwdBinds(user, stateDirectory))],
      }).catch(async (error: unknown) => {
        // Somebody removed the image, or the engine was set up anew.
        if (statusOf(error) === 404) images.forgetAll();
        await removeRest().catch(() => {}); // found by the next sweep
        throw error;
      });
      const pod = new DockerPod({
        ...{ engine, spec, entrance, removeRest },
        isolation: isolationOf(info),
        serviceEnv: { ...image.env, HOSTNAME: hostname },
        launcher: new ServiceLauncher(connection, spec, {
          ...shared,
          network: `container:${entrance.pod.container.id}`,
        }),
        watch: info.isLocal ? new LimitWatch(spec, entrance.writable) : null,
      });
      void pod.gone.then(() => this.#alive.delete(podId));
      return pod;
    } catch (error) {
      this.#alive.delete(podId);
      await rm(spec.runDirectory, { recursive: true, force: true });
      throw error;
    }
  }

  /** May be called again, whenever the engine is back after it was away. Pods of this companion stay. */
  async sweep(): Promise<void> {
    if (!this.#wasSwept) await removeHalfMadeImages(this.#options.stateDirectory);
    this.#wasSwept = true;
    // No engine, nothing to sweep.
    if (!(await this.probe()).available) return;
    const { engine } = await this.#connect();
    await removeLabelled(engine, [this.#homeLabel], { label: POD_LABEL, values: this.#alive });
  }

  /** What an earlier pod of the environment left, when the engine or the companion died with it. */
  #removeLeftovers({ engine }: Connection, environmentId: string): Promise<void> {
    const labels = [this.#homeLabel, `${ENVIRONMENT_LABEL}=${environmentId}`];
    return removeLabelled(engine, labels, { label: POD_LABEL, values: this.#alive });
  }

  async #connect(): Promise<Connection> {
    this.#connection ??= connectEngine(this.#options.socketPath, this.#options.stateDirectory);
    const connecting = this.#connection;
    try {
      return await connecting;
    } catch (error) {
      if (this.#connection === connecting) this.#connection = null;
      throw error;
    }
  }

  #serviceBinds(spec: PodSpec): Promise<Bind[]> {
    return planMounts([
      ...installMounts().map((source) => ({ source })),
      ...spec.mounts,
      { source: spec.dataDirectory, writable: true },
      { source: spec.worktree, writable: true },
    ]);
  }

  #masksFor(binds: Bind[]): string[] {
    const hidden = [this.#options.stateDirectory, ...(this.#options.hidden ?? [])];
    return hidden.filter((path) => binds.some((bind) => isInside(path, bind.target)));
  }
}

/** Host name of a pod's containers (RFC 1123). */
function hostnameOf(environmentId: string): string {
  const name = environmentId.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return name.slice(0, 63).replace(/^-+|-+$/g, '') || 'pod';
}
