import { VitrineError } from '#shared/errors.ts';
import type { Bind } from '../mounts/plan.ts';
import type { PodSpec, ServiceImage, ServiceSpec } from '../runtime.ts';
import { argumentsOf, serviceEnvironment } from '../service-environment.ts';
import { type Blank, type BlankPlan, claimEnvironment, SHELL, startBlank } from './blank.ts';
import { builtImage } from './build/built-image.ts';
import type { Connection } from './connection.ts';
import { type ContainerListeners, type RunningContainer, runContainer } from './container.ts';
import { statusOf } from './engine.ts';
import { imageDirectories, imageHas } from './image-directories.ts';
import type { Image, ImageProgress } from './images.ts';
import { HOME_LABEL } from './labels.ts';

/** Whether an image has a shell, looked at once. */
const shells = new WeakMap<Image, Promise<boolean>>();
/** A memory limit that is hit over and over is told this often. */
const LIMIT_REPORT_MS = 1_000;

/** What all service containers of a pod have in common. */
export interface PodPlan {
  podId: string;
  labels: Record<string, string>;
  user: string;
  binds: Bind[];
  masks: string[];
  /** The pod's own container, whose network namespace they join. */
  network: string;
  hostname: string;
}

/** A service with an image of its own. */
export type ContainedService = ServiceSpec & { image: ServiceImage };

export interface LaunchedService {
  container: RunningContainer;
  /** What asks it to end. */
  stopSignal: string;
}

/** Starts the services of a pod that have images of their own, each in a container of its own. */
export class ServiceLauncher {
  readonly #connection: Connection;
  readonly #spec: PodSpec;
  readonly #pod: PodPlan;
  readonly #blanks = new Map<string, Promise<Blank | null>>();
  #started = 0;

  constructor(connection: Connection, spec: PodSpec, pod: PodPlan) {
    this.#connection = connection;
    this.#spec = spec;
    this.#pod = pod;
  }

  /** Prepares a blank container of that image. */
  async warm(wanted: ServiceImage, signal: AbortSignal): Promise<void> {
    const image = await this.#image(wanted, () => {}, signal);
    const key = image.reference;
    const there = await this.#blanks.get(key);
    if (there?.isThere()) return;
    const starting = this.#blank(image, 'blank', signal);
    this.#blanks.set(key, starting);
    starting.catch(() => this.#blanks.delete(key));
    await starting;
  }

  /** Blank containers that wait: they are paused and removed with the pod. */
  async waiting(): Promise<RunningContainer[]> {
    const blanks = await Promise.all([...this.#blanks.values()].map((blank) => blank.catch(() => null)));
    return blanks.flatMap((blank) => (blank?.isThere() ? [blank.container] : []));
  }

  async launch(service: ContainedService, signal: AbortSignal): Promise<LaunchedService> {
    const image = await this.#image(service.image, (line) => service.onOutput(line, 'stderr'), signal);
    const listeners = this.#listeners(service);
    if (Array.isArray(service.command) && service.command.length === 0) {
      const container = await this.#runOwn(service, image, listeners, signal);
      return { container, stopSignal: image.stopSignal };
    }
    const argv = argumentsOf(service.command);
    const env = serviceEnvironment({
      given: service.env,
      dataDirectory: this.#spec.dataDirectory,
      port: service.port,
      temporaryDirectory: '/tmp',
    });
    const blank = (await this.#taken(image.reference)) ?? (await this.#blank(image, service.name, signal));
    if (blank) {
      blank.claim(argv, service.cwd, claimEnvironment(image.env, this.#pod.hostname, env), listeners);
      return { container: blank.container, stopSignal: 'SIGTERM' };
    }
    const plan = this.#plan(image, service.name);
    const { engine, events } = this.#connection;
    const direct = { ...plan, argv, cwd: service.cwd, env };
    return {
      container: await runContainer(engine, events, direct, listeners, signal),
      stopSignal: 'SIGTERM',
    };
  }

  async #taken(key: string): Promise<Blank | null> {
    const waiting = this.#blanks.get(key);
    if (!waiting) return null;
    this.#blanks.delete(key);
    const blank = await waiting.catch(() => null);
    return blank?.isThere() ? blank : null;
  }

  /** Null when the image has no shell that could wait. */
  async #blank(image: Image, name: string, signal: AbortSignal): Promise<Blank | null> {
    if (!(await this.#hasShell(image))) return null;
    try {
      return await startBlank(this.#connection, this.#plan(image, name), signal);
    } catch (error) {
      // Somebody removed the image, or the engine was set up anew.
      if (statusOf(error) === 404) this.#connection.images.forgetAll();
      throw error;
    }
  }

  #hasShell(image: Image): Promise<boolean> {
    let known = shells.get(image);
    if (!known) {
      known = imageHas(this.#connection.engine, image.reference, SHELL, this.#pod.labels);
      shells.set(image, known);
      known.catch(() => shells.delete(image));
    }
    return known;
  }

  /**
   * An image that brings its own program, such as a database: run as the user it names, or as whom its data
   * directories belong to, for as root without capabilities it could not become that user itself.
   */
  async #runOwn(
    service: ContainedService,
    image: Image,
    listeners: ContainerListeners,
    signal: AbortSignal,
  ): Promise<RunningContainer> {
    const { engine, events } = this.#connection;
    if (!image.hasCommand) throw nothingToRun(service, image);
    const plan = this.#plan(image, service.name);
    const directories = await imageDirectories(engine, image.reference, image.volumes, this.#pod.labels);
    const keeper = [...directories.values()].find(({ uid }) => uid !== 0);
    const user = image.user ?? (keeper ? `${keeper.uid}:${keeper.gid}` : plan.user);
    const [uid = 0, gid = uid] = (user ?? '').split(':').map(Number);
    // What belongs to somebody else in there could not be written: such a directory starts empty, in memory.
    const foreign = image.volumes.filter((path) => {
      const directory = directories.get(path);
      return !directory || (!Number.isNaN(uid) && directory.uid !== uid && (directory.mode & 0o002) === 0);
    });
    return runContainer(
      engine,
      events,
      {
        ...plan,
        argv: [],
        user,
        // Sockets and pid files, in directories that the image has there.
        scratch: ['/run', ...image.volumes.filter((path) => !foreign.includes(path) && path !== '/run')],
        tmpfs: foreign.map((path) => ({ path, uid, gid })),
        env: { TMPDIR: '/tmp', HOST: '127.0.0.1', ...service.env, PORT: String(service.port) },
      },
      listeners,
      signal,
    );
  }

  #image(wanted: ServiceImage, progress: ImageProgress, signal: AbortSignal): Promise<Image> {
    const { images } = this.#connection;
    if ('name' in wanted) return images.named(wanted.name, progress, signal);
    const { spec, pod } = { spec: this.#spec, pod: this.#pod };
    const egress = spec.outlets?.find(({ name }) => name === 'egress');
    return builtImage(
      this.#connection,
      {
        ...wanted,
        worktree: spec.worktree,
        network: pod.network,
        proxy: egress ? `http://127.0.0.1:${egress.port}` : null,
        limits: spec.limits,
        homeLabel: pod.labels[HOME_LABEL] ?? '',
      },
      progress,
      signal,
    );
  }

  #plan(image: Image, name: string): BlankPlan {
    this.#started += 1;
    const { podId, user, labels, binds, masks, network } = this.#pod;
    return {
      name: `vitrine-${podId}-${name.replace(/[^a-zA-Z0-9_.-]/g, '-')}-${this.#started}`,
      image: image.reference,
      labels,
      user,
      binds,
      masks,
      limits: this.#spec.limits,
      ulimits: this.#connection.info.ulimits,
      network,
    };
  }

  #listeners({ name, onOutput }: ServiceSpec): ContainerListeners {
    let reportedAt = Number.NEGATIVE_INFINITY;
    return {
      onOutput,
      onOutOfMemory: () => {
        if (performance.now() - reportedAt < LIMIT_REPORT_MS) return;
        reportedAt = performance.now();
        this.#spec.onLimit?.({ limit: 'memory', service: name, ended: true });
      },
    };
  }
}

function nothingToRun(service: ServiceSpec, image: Image): VitrineError {
  return new VitrineError({
    code: 'COMMAND_MISSING',
    message: `The service ${service.name} has no command, and its image ${image.reference} names none either`,
    remedy: 'Give the service a command in .vibe-kanban/environment.yaml.',
    status: 422,
  });
}
