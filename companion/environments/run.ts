import { mkdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { ServiceState } from '#shared/api/environment.ts';
import type { ConsoleEntry } from '#shared/realtime/console-entry.ts';
import type { Frontend } from '../builder/frontend.ts';
import { unsupportedKeys } from '../config/unsupported-keys.ts';
import type { DatabaseSpec, ProvisionedDatabase } from '../databases/database.ts';
import { findDependencies } from '../detection/dependencies.ts';
import { detectProject, type ProjectPlan, type ServicePlan } from '../detection/detect-project.ts';
import { readEnvFiles } from '../detection/env-files.ts';
import { BackendProxy } from '../proxy/backend-proxy.ts';
import type { NetworkLog } from '../proxy/network-log.ts';
import type { ChannelHub } from '../realtime/channel-hub.ts';
import type { Mount, Pod } from '../runtimes/runtime.ts';
import type { EnvironmentRecord } from '../storage/environment-record.ts';
import { existingDirectory } from '../worktrees/git.ts';
import { type WorktreeWatch, watchWorktree } from '../worktrees/watch.ts';
import { BackendService } from './services/service-replica.ts';
import { isBackendSource, reloadsItself } from './services/backend-sources.ts';
import { commandPath, withPath } from './services/command-path.ts';
import type { EnvironmentParts } from './environment.ts';
import { appEnv, serviceEnv } from './services/service-env.ts';
import { settleBoth } from './settle-both.ts';
import type { StartSteps } from './start-steps.ts';

/** How long a request for the backend waits while it starts. */
const BACKEND_WAIT_MS = 15_000;
const RETRY_PAUSE_MS = 50;
/** Several saves of one change restart the backend once. */
const BACKEND_RESTART_DELAY_MS = 150;
/** A checkout touches thousands of files; the channel names this many. */
const MAX_TOLD_PATHS = 200;

export interface RunContext {
  record: EnvironmentRecord;
  parts: EnvironmentParts;
  origin: string;
  /** The environment's private directory. */
  dataDirectory: string;
  database: DatabaseSpec;
  steps: StartSteps;
  hub: ChannelHub;
  network: NetworkLog;
  log(entry: Omit<ConsoleEntry, 'at'>): void;
  touch(): void;
  onServiceState(state: ServiceState): void;
  /** The pod ended without having been asked to. */
  onPodGone(): void;
  onWorktreeRemoved(): void;
}

/** One life of an environment: everything that is started for it, and the way to let all of it go. */
export class Run {
  readonly #context: RunContext;
  readonly #ending = new AbortController();
  #plan: ProjectPlan | undefined;
  #pod: Pod | undefined;
  #frontend: Frontend | undefined;
  #backend: BackendService | undefined;
  #backendProxy: BackendProxy | undefined;
  #watch: WorktreeWatch | undefined;
  #restartTimer: NodeJS.Timeout | undefined;
  #started: Promise<void> | undefined;
  readonly #servable = Promise.withResolvers<void>();

  constructor(context: RunContext) {
    this.#context = context;
  }

  get plan(): ProjectPlan | undefined {
    return this.#plan;
  }
  get pod(): Pod | undefined {
    return this.#pod;
  }
  get frontend(): Frontend | undefined {
    return this.#frontend;
  }
  get backend(): BackendService | undefined {
    return this.#backend;
  }
  get backendProxy(): BackendProxy | undefined {
    return this.#backendProxy;
  }
  /** Resolves when requests can be answered, be it with why the start failed: before the first build is done. */
  get servable(): Promise<void> {
    return this.#servable.promise;
  }
  get isEnding(): boolean {
    return this.#ending.signal.aborted;
  }

  /** Starts everything. Rejects with what made it impossible; a backend that fails is in its own state. */
  start(): Promise<void> {
    this.#started ??= this.#start(this.#ending.signal).finally(() => this.#servable.resolve());
    return this.#started;
  }

  /** Ends everything that was started. Never rejects for a start that failed. Idempotent. */
  async end(): Promise<void> {
    this.#ending.abort(new Error('The preview was stopped.'));
    await this.#started?.catch(() => undefined); // told by start()
    clearTimeout(this.#restartTimer);
    this.#watch?.close();
    this.#backendProxy?.close();
    await this.#frontend?.close();
    await Promise.all([this.#backend?.close(), this.#pod?.destroy()]);
  }

  async #start(signal: AbortSignal): Promise<void> {
    const { record, parts, steps, database, log } = this.#context;
    for (const key of unsupportedKeys(record.config)) {
      log({
        source: 'vitrine',
        level: 'warn',
        text: `${key} is set, but this version does not act on it yet.`,
      });
    }
    const plan = await steps.run(
      'resolve',
      async () => {
        // It may have gone while nobody watched: before a restart of the companion, or of this preview.
        await existingDirectory(record.worktree);
        return detectProject(record.worktree, record.config.isolation);
      },
      describePlan,
    );
    this.#plan = plan;
    const mounts = await this.#findDependencies(plan, signal);
    const [pod, provisioned] = await settleBoth(
      steps.run(
        'sandbox',
        () => this.#createPod(mounts, signal),
        () => undefined,
      ),
      steps.run(
        'database',
        () => parts.database.provision(database, signal),
        ({ detail }) => detail,
      ),
      (orphan) => orphan.destroy(),
    );
    this.#pod = pod;
    signal.throwIfAborted();
    void pod.gone.then(() => {
      if (!this.isEnding) this.#context.onPodGone();
    });
    this.#startWatch(plan);
    const backend = this.#startBackend(plan.backend, pod, provisioned, signal);
    const frontend = this.#startFrontend(plan, pod, signal).then(() => this.#servable.resolve());
    await Promise.all([frontend, backend]);
  }

  async #findDependencies(plan: ProjectPlan, signal: AbortSignal): Promise<Mount[]> {
    const { record, parts, steps } = this.#context;
    const { isolation } = await parts.runtime.probe(signal);
    const canMount = isolation.files === 'enforced';
    const directories = new Set(
      [plan.frontend?.root, plan.backend?.cwd].filter((directory) => directory !== undefined),
    );
    const find = (directory: string) =>
      findDependencies(record.worktree, record.mainCheckout, directory, canMount);
    const found = await steps.run(
      'dependencies',
      () => Promise.all([...directories].map(find)),
      (all) => [...new Set(all.map(({ detail }) => detail))].join('; '),
    );
    const mounts = found.flatMap((each) => each.mounts);
    return [...new Map(mounts.map((mount) => [mount.target ?? mount.source, mount])).values()];
  }

  async #createPod(mounts: Mount[], signal: AbortSignal): Promise<Pod> {
    const { record, parts, dataDirectory } = this.#context;
    await mkdir(this.#cacheDirectory, { recursive: true, mode: 0o700 });
    return parts.runtime.createPod(
      {
        environmentId: record.id,
        secret: record.secret,
        worktree: record.worktree,
        dataDirectory,
        runDirectory: join(parts.paths.run, record.id),
        mounts: [...mounts, { source: parts.paths.sharedCache }],
        limits: record.config.isolation.backend.resource_limits,
      },
      signal,
    );
  }

  get #cacheDirectory(): string {
    return join(this.#context.dataDirectory, 'cache');
  }

  async #startFrontend(plan: ProjectPlan, pod: Pod, signal: AbortSignal): Promise<void> {
    const { record, parts, steps, hub, origin } = this.#context;
    if (!plan.frontend) {
      for (const step of ['build', 'paint'] as const) steps.end(step, 'skipped', 'no frontend');
      return;
    }
    const { frontend } = record.config.isolation;
    steps.begin('build');
    this.#frontend = await parts.provider.start(
      {
        environmentId: record.id,
        pod,
        worktree: record.worktree,
        root: plan.frontend.root,
        cacheDirectory: this.#cacheDirectory,
        appEnv: appEnv(origin, frontend.env),
        hotReload: frontend.hot_reload,
        emit: (event) => hub.publish(event),
        onStep: (step, status, detail) => {
          if (steps.isOver(step)) return; // a later build, or another tab's paint
          if (status === 'active') steps.begin(step, detail);
          else steps.end(step, status, detail);
        },
      },
      signal,
    );
  }

  async #startBackend(
    plan: ServicePlan | null,
    pod: Pod,
    database: ProvisionedDatabase,
    signal: AbortSignal,
  ): Promise<void> {
    const { record, steps, log, network, origin } = this.#context;
    if (!plan) {
      steps.end('backend', 'skipped', 'no backend');
      return;
    }
    steps.begin('backend', plan.reason);
    const files = await readEnvFiles([...new Set([record.mainCheckout, record.worktree, plan.cwd])]);
    const env = serviceEnv({ files, configured: plan.env, database: database.env(null), origin });
    const searched = await commandPath({ ...record, cwd: plan.cwd });
    const service = new BackendService(plan, withPath(plan.command, searched), pod, env, {
      onLine: (text, stream) =>
        log({ source: 'server', service: plan.name, level: stream === 'stderr' ? 'error' : 'log', text }),
      onState: (state) => this.#context.onServiceState(state),
    });
    this.#backend = service;
    this.#backendProxy = new BackendProxy({
      target: {
        choose: async () => ({
          key: `${service.port}:${service.state.restarts}`,
          label: plan.name,
          port: service.port,
          connect: () => this.#connectToBackend(pod, service),
          release: () => undefined,
        }),
      },
      secret: record.secret,
      network,
    });
    service.start();
    const { status, failure } = await service.settled(signal);
    steps.end('backend', status === 'failed' ? 'failed' : 'done', failure?.message);
  }

  /** A connection to the backend. While it starts, this waits; when it was given up, it does not. */
  async #connectToBackend(pod: Pod, service: BackendService): Promise<Duplex> {
    const deadline = AbortSignal.any([this.#ending.signal, AbortSignal.timeout(BACKEND_WAIT_MS)]);
    for (;;) {
      try {
        return await pod.connect(service.port, deadline);
      } catch (error) {
        const isDown = (error as NodeJS.ErrnoException).code === 'ECONNREFUSED';
        if (!isDown || deadline.aborted || service.state.status === 'failed') throw error;
        await delay(RETRY_PAUSE_MS, undefined, { signal: deadline });
      }
    }
  }

  #startWatch(plan: ProjectPlan): void {
    const { record, log, onWorktreeRemoved } = this.#context;
    this.#watch = watchWorktree(record.worktree, {
      onChange: (paths) => this.#filesChanged(paths, plan),
      onRemoved: onWorktreeRemoved,
      onDegraded: (text) => log({ source: 'vitrine', level: 'warn', text }),
    });
  }

  #filesChanged(paths: string[], { backend, frontend }: ProjectPlan): void {
    const { record, hub, touch } = this.#context;
    touch();
    const told = paths.slice(0, MAX_TOLD_PATHS).map((path) => relative(record.worktree, path));
    hub.publish({ channel: 'state', data: { type: 'file_change', paths: told } });
    this.#frontend?.filesChanged(paths);
    if (!backend || reloadsItself(backend.command)) return;
    if (!paths.some((path) => isBackendSource(path, backend.cwd, frontend?.root ?? null))) return;
    clearTimeout(this.#restartTimer);
    this.#restartTimer = setTimeout(() => this.#backend?.restart(), BACKEND_RESTART_DELAY_MS);
  }
}

const describePlan = ({ frontend, backend, database }: ProjectPlan): string =>
  [
    frontend ? `frontend: ${frontend.reason}` : 'no frontend',
    backend ? `backend: ${backend.reason}` : 'no backend',
    backend ? `database: ${database.engine}, ${database.reason}` : '',
  ]
    .filter(Boolean)
    .join('; ');
