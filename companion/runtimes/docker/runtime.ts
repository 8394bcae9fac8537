import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { Isolation } from '#shared/api/environment.ts';
import { VitrineError } from '#shared/errors.ts';
import { makeSocketPlace } from '../gateway/socket-place.ts';
import { installMounts } from '../install-directory.ts';
import { isInside } from '../mounts/paths.ts';
import { type Bind, planMounts } from '../mounts/plan.ts';
import { giveTree, type Owner, podOwner } from '../ownership.ts';
import { programFile } from '../programs.ts';
import { untilReady } from '../readiness.ts';
import type { Pod, PodSpec, Runtime, RuntimeProbe, ServiceSpec } from '../runtime.ts';
import { homeDirectory, serviceEnvironment } from '../service-environment.ts';
import { type RunningContainer, runContainer } from './container.ts';
import { ContainerEvents } from './container-events.ts';
import type { ContainerPlan } from './container-options.ts';
import { Engine, settled } from './engine.ts';
import { Images } from './images.ts';
import { ENVIRONMENT_LABEL, HOME_LABEL, homeLabelValue, POD_LABEL } from './labels.ts';
import { DockerPod } from './pod.ts';

const PROBE_DEADLINE_MS = 5_000;
/** Of what a gateway prints, this much is kept for error messages. */
const KEPT_OUTPUT = 2_000;
const INSIDE_GATEWAY = '/run/vitrine/gateway';
const INSIDE_PROGRAMS = '/run/vitrine/programs';
/** The gateway is one small Node program. */
const GATEWAY_LIMITS = { memory_mb: 128, cpu_shares: 256 };

const infoSchema = z.object({
  ServerVersion: z.string(),
  OSType: z.string(),
  OperatingSystem: z.string(),
  MemoryLimit: z.boolean().default(false),
  CPUShares: z.boolean().default(false),
});
type EngineInfo = z.infer<typeof infoSchema>;

export interface DockerRuntimeOptions {
  /** Where the runtime keeps its programs; its hash marks the containers as this companion's. */
  stateDirectory: string;
  /** Never shown to a pod, even where a mount around them would: the companion's token is in there. */
  hidden?: string[];
  /** Unix socket of the engine; DOCKER_HOST or the usual places unless told. */
  socketPath?: string;
}

interface Connection {
  engine: Engine;
  images: Images;
  events: ContainerEvents;
}

/** Pods of Docker containers. */
export class DockerRuntime implements Runtime {
  readonly name = 'docker';
  readonly #stateDirectory: string;
  readonly #hidden: string[];
  readonly #socketPath: string | undefined;
  readonly #homeLabel: string;
  #connection: Connection | null = null;
  #lastInfo: EngineInfo | null = null;

  constructor({ stateDirectory, hidden = [], socketPath }: DockerRuntimeOptions) {
    this.#stateDirectory = stateDirectory;
    this.#hidden = [stateDirectory, ...hidden];
    this.#socketPath = socketPath;
    this.#homeLabel = homeLabelValue(stateDirectory);
  }

  async probe(signal?: AbortSignal): Promise<RuntimeProbe> {
    try {
      signal?.throwIfAborted();
      const info = await this.#info();
      const obstacle = obstacleOf(info);
      const name = `Docker ${info.ServerVersion}`;
      return {
        available: obstacle === null,
        detail: obstacle ? `${name}: ${obstacle}` : name,
        isolation: obstacle ? NOTHING : isolationOf(info),
      };
    } catch (error) {
      signal?.throwIfAborted();
      return {
        available: false,
        detail: error instanceof Error ? error.message : String(error),
        isolation: NOTHING,
      };
    }
  }

  async createPod(spec: PodSpec, signal: AbortSignal): Promise<Pod> {
    signal.throwIfAborted();
    const { images, engine, events } = await this.#connect();
    const info = this.#lastInfo ?? (await this.#info());
    const [image, program, owner] = await Promise.all([
      images.node(signal),
      programFile('gateway', this.#stateDirectory),
      podOwner(spec.worktree),
    ]);
    await mkdir(homeDirectory(spec.dataDirectory), { recursive: true, mode: 0o700 });
    await giveTree(spec.dataDirectory, owner);
    const binds = await this.#serviceBinds(spec);
    const place = await makeSocketPlace(spec.runDirectory);
    const podId = randomBytes(6).toString('hex');
    const labels = {
      [HOME_LABEL]: this.#homeLabel,
      [ENVIRONMENT_LABEL]: spec.environmentId,
      [POD_LABEL]: podId,
    };
    const ready = Promise.withResolvers<void>();
    let said = '';
    let gateway: RunningContainer | null = null;
    try {
      const inside = `${INSIDE_PROGRAMS}/${basename(program)}`;
      gateway = await runContainer(
        engine,
        events,
        {
          name: `vitrine-${podId}-gateway`,
          image,
          argv: ['node', inside, '--socket', `${INSIDE_GATEWAY}/gateway.sock`],
          cwd: '/',
          env: { VITRINE_GATEWAY_SECRET: spec.secret },
          labels,
          owner,
          binds: [
            { source: place.shared, target: INSIDE_GATEWAY, writable: true },
            { source: program, target: inside, writable: false },
          ],
          masks: [],
          limits: GATEWAY_LIMITS,
          network: 'none',
        },
        (line) => {
          said = `${said}${line}
`.slice(-KEPT_OUTPUT);
          if (line.startsWith('{"type":"ready"')) ready.resolve();
        },
        signal,
      );
      const died = gateway.exited.then(() => said.trim() || 'its gateway ended and said nothing');
      await untilReady(ready.promise, died, signal);
      await place.take();
    } catch (error) {
      await gateway?.remove().catch(() => {});
      await this.#removeWhere(`${POD_LABEL}=${podId}`).catch(() => {});
      await place.remove();
      throw error;
    }
    const network = `container:${gateway.id}`;
    const common = { labels, owner, binds, masks: this.#masksFor(binds), limits: spec.limits, network };
    let started = 0;
    return new DockerPod({
      gateway,
      address: { socket: place.socket },
      secret: spec.secret,
      isolation: isolationOf(info),
      cleanUp: () => place.remove(),
      runService: async (service, argv, serviceSignal) => {
        started += 1;
        const name = `vitrine-${podId}-${service.name.replace(/[^a-zA-Z0-9_.-]/g, '-')}-${started}`;
        const plan = await this.#servicePlan(service, spec, argv, { ...common, name }, serviceSignal);
        return runContainer(engine, events, plan, service.onOutput, serviceSignal);
      },
    });
  }

  async sweep(): Promise<void> {
    // No engine, nothing to sweep; one that comes up later is asked by the next companion.
    if (!(await this.probe()).available) return;
    await this.#removeWhere(`${HOME_LABEL}=${this.#homeLabel}`);
  }

  async #connect(): Promise<Connection> {
    if (this.#connection) return this.#connection;
    const engine = await Engine.find(this.#socketPath);
    if (!engine) {
      throw new VitrineError({
        code: 'DOCKER_UNREACHABLE',
        message: 'No Docker was found: DOCKER_HOST is not set and there is no socket in the usual places',
        remedy: 'Install and start Docker, or set isolation.backend.runtime to process.',
        status: 502,
      });
    }
    this.#connection = {
      engine,
      images: new Images(engine),
      events: new ContainerEvents(engine, this.#homeLabel),
    };
    return this.#connection;
  }

  async #info(): Promise<EngineInfo> {
    const { engine } = await this.#connect();
    this.#lastInfo = infoSchema.parse(await engine.call('answer', engine.docker.info(), PROBE_DEADLINE_MS));
    return this.#lastInfo;
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
    return this.#hidden.filter((path) => binds.some((bind) => isInside(path, bind.target)));
  }

  async #servicePlan(
    service: ServiceSpec,
    spec: PodSpec,
    argv: string[],
    common: Omit<ContainerPlan, 'image' | 'argv' | 'cwd' | 'env'>,
    signal: AbortSignal,
  ): Promise<ContainerPlan> {
    const { images } = await this.#connect();
    const image =
      service.image && 'name' in service.image
        ? await images.named(service.image.name, signal)
        : await images.node(signal);
    const passwd = service.image ? [] : await this.#passwdBind(common.owner);
    const env = serviceEnvironment({
      given: service.env,
      dataDirectory: spec.dataDirectory,
      port: service.port,
      temporaryDirectory: '/tmp',
    });
    return { ...common, binds: [...common.binds, ...passwd], image, argv, cwd: service.cwd, env };
  }

  /** In the default image: a name for the worktree owner's uid, without which os.userInfo() throws. */
  async #passwdBind(owner: Owner | null): Promise<Bind[]> {
    if (!owner || owner.uid === 0 || owner.uid === 1000) return [];
    const file = join(this.#stateDirectory, `passwd-${owner.uid}-${owner.gid}`);
    const user = `user:x:${owner.uid}:${owner.gid}::/tmp:/bin/sh`;
    await writeFile(file, `root:x:0:0:root:/root:/bin/sh\n${user}\n`, { mode: 0o644 });
    return [{ source: file, target: '/etc/passwd', writable: false }];
  }

  async #removeWhere(label: string): Promise<void> {
    const { engine } = await this.#connect();
    const found = await engine.call(
      'list containers',
      engine.docker.listContainers({ all: true, filters: { label: [label] } }),
    );
    await Promise.all(
      found.map(({ Id }) =>
        settled(
          engine.call('remove a container', engine.docker.getContainer(Id).remove({ force: true, v: true })),
        ),
      ),
    );
  }
}

/** Why an engine cannot be used although it answers; null when it can. */
function obstacleOf({ OSType, OperatingSystem }: EngineInfo): string | null {
  if (OSType !== 'linux') return `it runs ${OSType} containers, and Linux containers are needed`;
  if (process.platform !== 'linux' || OperatingSystem === 'Docker Desktop') {
    return 'its containers run in a virtual machine, where sockets cannot be shared; use the runtime process';
  }
  return null;
}

const NOTHING: Isolation = {
  network: 'none',
  files: 'none',
  processes: 'none',
  memory: 'none',
  cpu: 'none',
  disk: 'none',
  pids: 'none',
};

function isolationOf({ MemoryLimit, CPUShares }: EngineInfo): Isolation {
  return {
    network: 'enforced',
    files: 'enforced',
    processes: 'enforced',
    memory: MemoryLimit ? 'enforced' : 'none',
    cpu: CPUShares ? 'enforced' : 'none',
    disk: 'none',
    pids: 'enforced',
  };
}
