import { mkdir, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type {
  EnvironmentStatus,
  Environment as EnvironmentView,
  Failure,
  Isolation,
  ServiceState,
} from '#shared/api/environment.ts';
import { toVitrineError, VitrineError } from '#shared/errors.ts';
import { type ConsoleEntry, MAX_ENTRY_LENGTH } from '#shared/realtime/console-entry.ts';
import type { Frontend, FrontendProvider } from '../builder/frontend.ts';
import type { DatabaseProvider, DatabaseSpec } from '../databases/database.ts';
import { findDependencies } from '../detection/dependencies.ts';
import { detectProject, type ProjectPlan } from '../detection/detect-project.ts';
import { readEnvFiles } from '../detection/env-files.ts';
import { BackendProxy } from '../proxy/backend-proxy.ts';
import { NetworkLog } from '../proxy/network-log.ts';
import { ChannelHub } from '../realtime/channel-hub.ts';
import type { Pod, Runtime } from '../runtimes/runtime.ts';
import { previewOrigin } from '../security/origins.ts';
import type { EnvironmentRecord } from '../storage/environment-record.ts';
import type { Registry } from '../storage/registry.ts';
import type { StatePaths } from '../storage/state-directory.ts';
import { type WorktreeWatch, watchWorktree } from '../worktrees/watch.ts';
import { BackendService } from './backend-service.ts';
import { isBackendSource, reloadsItself } from './backend-sources.ts';
import { appEnv, serviceEnv } from './service-env.ts';
import { StartSteps } from './start-steps.ts';

/** How long a request for the backend waits while it starts. */
const BACKEND_WAIT_MS = 15_000;
const RETRY_PAUSE_MS = 50;
/** Several saves of one change restart the backend once. */
const BACKEND_RESTART_DELAY_MS = 150;

export interface EnvironmentParts {
  registry: Registry;
  paths: StatePaths;
  runtime: Runtime;
  database: DatabaseProvider;
  provider: FrontendProvider;
  /** The companion's port. */
  port: number;
  /** Told after every change that the API shows. */
  onChange(): void;
}

/** One attempt's live preview: its pod, its services, its frontend, its database, its channels. */
export class Environment {
  readonly record: EnvironmentRecord;
  readonly hub = new ChannelHub();
  readonly network = new NetworkLog((request) =>
    this.hub.publish({ channel: 'logs', data: { type: 'network', request } }),
  );
  readonly #parts: EnvironmentParts;
  readonly #steps = new StartSteps(() => this.#changed());
  #isolation: Isolation | undefined;
  #pod: Pod | undefined;
  #frontend: Frontend | undefined;
  #backend: BackendService | undefined;
  #backendProxy: BackendProxy | undefined;
  #plan: ProjectPlan | undefined;
  #watch: WorktreeWatch | undefined;
  #failure: Failure | undefined;
  #life = new AbortController();
  #starting: Promise<void> | undefined;
  #restartTimer: NodeJS.Timeout | undefined;
  #changeScheduled = false;

  constructor(record: EnvironmentRecord, parts: EnvironmentParts) {
    this.record = record;
    this.#parts = parts;
  }

  get id(): string {
    return this.record.id;
  }

  get origin(): string {
    return previewOrigin(this.id, this.#parts.port);
  }

  get plan(): ProjectPlan | undefined {
    return this.#plan;
  }

  get frontend(): Frontend | undefined {
    return this.#frontend;
  }

  get backendProxy(): BackendProxy | undefined {
    return this.#backendProxy;
  }

  get failure(): Failure | undefined {
    return this.#failure;
  }

  /** What the API and the channels show. */
  view(): EnvironmentView {
    const {
      taskId,
      agentId,
      title,
      board,
      worktree,
      branch,
      status,
      provider,
      providerReason,
      runtime,
      database,
    } = this.record;
    return {
      id: this.id,
      taskId,
      agentId,
      title,
      board,
      worktree,
      branch,
      status,
      provider,
      providerReason,
      runtime,
      database,
      isolation: this.#isolation ?? NOT_ISOLATED,
      services: this.#backend ? [this.#backend.state] : [],
      steps: this.#steps.list(),
      failure: this.#failure,
      origin: this.origin,
      backendUrl: this.origin,
      sandboxAttributes: this.record.config.isolation.security.sandbox_attributes,
      createdAt: this.record.createdAt,
      lastUsedAt: this.record.lastUsedAt,
    };
  }

  /** Tells the channels what it looks like now, for a subscriber that just came. */
  tellState(): void {
    this.hub.publish({ channel: 'state', data: { type: 'environment', environment: this.view() } });
  }

  /** Somebody uses it. */
  touch(): void {
    this.record.lastUsedAt = Date.now();
  }

  /** Starts everything. Resolves when it is up or known to have failed; the outcome is in `view()`. Never rejects. */
  start(): Promise<void> {
    this.#starting ??= this.#start().finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  async #start(): Promise<void> {
    const { signal } = this.#life;
    this.#failure = undefined;
    this.#steps.reset();
    this.#setStatus('initializing');
    try {
      await this.#startParts(signal);
      if (signal.aborted) return;
      this.#setStatus(this.#failure ? 'failed' : 'running');
    } catch (error) {
      if (signal.aborted) return;
      const failure = toVitrineError(error);
      this.#steps.fail(failure.message);
      await this.#release();
      this.#fail(failure);
    }
  }

  async #startParts(signal: AbortSignal): Promise<void> {
    const { worktree, mainCheckout, config, secret } = this.record;
    const { runtime, paths } = this.#parts;
    const plan = await this.#steps.run(
      'resolve',
      () => detectProject(worktree, config.isolation),
      describePlan,
    );
    this.#plan = plan;
    const { isolation } = await runtime.probe(signal);
    const canMount = isolation.files === 'enforced';
    const directories = [plan.frontend?.root, plan.backend?.cwd].filter(
      (directory) => directory !== undefined,
    );
    const found = await this.#steps.run(
      'dependencies',
      () =>
        Promise.all(
          [...new Set(directories)].map((directory) =>
            findDependencies(worktree, mainCheckout, directory, canMount),
          ),
        ),
      (all) => [...new Set(all.map(({ detail }) => detail))].join('; '),
    );

    const data = this.#dataDirectory();
    const cacheDirectory = join(data, 'cache');
    await mkdir(cacheDirectory, { recursive: true, mode: 0o700 });
    const [pod, database] = await settleBoth(
      this.#steps.run(
        'sandbox',
        () =>
          runtime.createPod(
            {
              environmentId: this.id,
              secret,
              worktree,
              dataDirectory: data,
              runDirectory: join(paths.run, this.id),
              mounts: [
                ...uniqueMounts(found.flatMap(({ mounts }) => mounts)),
                { source: paths.sharedCache, writable: true },
              ],
              limits: config.isolation.backend.resource_limits,
            },
            signal,
          ),
        () => undefined,
      ),
      this.#steps.run(
        'database',
        () => this.#parts.database.provision(this.#databaseSpec(), signal),
        ({ detail }) => detail,
      ),
      (orphan) => orphan.destroy(),
    );
    if (signal.aborted) {
      await pod.destroy();
      return;
    }
    this.#pod = pod;
    this.#isolation = pod.isolation;
    void pod.gone.then(() => this.#podGone(pod));
    this.#startWatch();
    await Promise.all([
      this.#startFrontend(plan, pod, cacheDirectory, signal),
      this.#startBackend(plan, pod, database.env, signal),
    ]);
  }

  async #startFrontend(
    plan: ProjectPlan,
    pod: Pod,
    cacheDirectory: string,
    signal: AbortSignal,
  ): Promise<void> {
    if (!plan.frontend) {
      this.#steps.end('build', 'skipped', 'no frontend');
      this.#steps.end('paint', 'skipped', 'no frontend');
      return;
    }
    const { frontend } = this.record.config.isolation;
    this.#steps.begin('build');
    this.#frontend = await this.#parts.provider.start(
      {
        environmentId: this.id,
        pod,
        worktree: this.record.worktree,
        root: plan.frontend.root,
        cacheDirectory,
        appEnv: appEnv(this.origin, frontend.env),
        hotReload: frontend.hot_reload,
        emit: (event) => this.hub.publish(event),
        onStep: (step, status, detail) => {
          if (this.#steps.isOver(step)) return; // a later build or another tab's paint
          if (status === 'active') this.#steps.begin(step, detail);
          else this.#steps.end(step, status, detail);
        },
      },
      signal,
    );
  }

  async #startBackend(
    plan: ProjectPlan,
    pod: Pod,
    database: Record<string, string>,
    signal: AbortSignal,
  ): Promise<void> {
    if (!plan.backend) {
      this.#steps.end('backend', 'skipped', 'no backend');
      return;
    }
    const { worktree, mainCheckout, secret } = this.record;
    this.#steps.begin('backend', plan.backend.reason);
    const files = await readEnvFiles([...new Set([mainCheckout, worktree, plan.backend.cwd])]);
    const env = serviceEnv({ files, configured: plan.backend.env, database, origin: this.origin });
    const service = new BackendService(plan.backend, pod, env, {
      onLine: (text, stream) =>
        this.log({
          source: 'server',
          service: plan.backend?.name,
          level: stream === 'stderr' ? 'error' : 'log',
          text,
        }),
      onState: (state) => this.#backendChanged(state),
    });
    this.#backend = service;
    this.#backendProxy = new BackendProxy({
      connect: () => this.#connectToBackend(pod, service),
      secret,
      network: this.network,
    });
    service.start();
    const { status, failure } = await service.settled(signal);
    if (status === 'failed') {
      this.#steps.end('backend', 'failed', failure?.message);
      this.#failure = failure;
    } else {
      this.#steps.end('backend', 'done');
    }
  }

  /** A connection to the backend. While it starts, this waits; when it was given up, it does not. */
  async #connectToBackend(pod: Pod, service: BackendService): Promise<Duplex> {
    const deadline = AbortSignal.any([this.#life.signal, AbortSignal.timeout(BACKEND_WAIT_MS)]);
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

  #backendChanged(state: ServiceState): void {
    if (state.status !== 'starting') this.#event(`service_${state.status}`, state.failure?.message);
    if (state.failure)
      this.log({
        source: 'vitrine',
        level: 'error',
        text: `${state.failure.message} ${state.failure.remedy}`,
      });
    if (this.#steps.isOver('backend')) {
      if (state.status === 'failed') this.#fail(state.failure);
      else if (state.status === 'running' && this.record.status === 'failed') {
        this.#failure = undefined;
        this.#setStatus('running');
      }
    }
    this.#changed();
  }

  #startWatch(): void {
    this.#watch?.close();
    this.#watch = watchWorktree(this.record.worktree, {
      onChange: (paths) => this.#filesChanged(paths),
      onRemoved: () => void this.#worktreeRemoved(),
      onDegraded: (text) => this.log({ source: 'vitrine', level: 'warn', text }),
    });
  }

  #filesChanged(paths: string[]): void {
    this.touch();
    this.hub.publish({
      channel: 'state',
      data: {
        type: 'file_change',
        paths: paths.slice(0, MAX_TOLD_PATHS).map((path) => relative(this.record.worktree, path)),
      },
    });
    if (this.record.config.isolation.frontend.hot_reload) this.#frontend?.filesChanged(paths);
    const backend = this.#plan?.backend;
    if (!backend || reloadsItself(backend.command)) return;
    if (!paths.some((path) => isBackendSource(path, backend.cwd, this.#plan?.frontend?.root ?? null))) return;
    clearTimeout(this.#restartTimer);
    this.#restartTimer = setTimeout(() => this.#backend?.restart(), BACKEND_RESTART_DELAY_MS);
  }

  async #worktreeRemoved(): Promise<void> {
    await this.#endLife();
    this.#fail(
      new VitrineError({
        code: 'WORKTREE_MISSING',
        message: `The worktree ${this.record.worktree} was removed while its preview ran.`,
        remedy: 'Start the attempt again on the board; this preview can be closed.',
      }),
    );
  }

  async #podGone(pod: Pod): Promise<void> {
    if (this.#pod !== pod) return; // let go on purpose
    await this.#endLife();
    this.#fail(
      new VitrineError({
        code: 'SANDBOX_ENDED',
        message: 'The sandbox of this preview ended unexpectedly.',
        remedy: 'Restart the preview; if it happens again, look at `vitrine doctor`.',
      }),
    );
  }

  /** Freezes the pod. Does nothing unless it runs. */
  async suspend(): Promise<void> {
    if (this.record.status !== 'running' || !this.#pod) return;
    await this.#pod.suspend();
    this.#setStatus('suspended');
  }

  /** Brings a suspended environment back, starting it anew where nothing of it runs. */
  async resume(): Promise<void> {
    if (this.record.status !== 'suspended') return;
    this.touch();
    if (!this.#pod) {
      await this.start();
      return;
    }
    await this.#pod.resume();
    this.#setStatus('running');
  }

  /** Ends what runs and starts anew; the database is kept. */
  async restart(): Promise<void> {
    await this.#endLife();
    await this.start();
  }

  /** Ends what runs, keeping the record and the data: the companion stops. */
  async stop(): Promise<void> {
    await this.#endLife();
  }

  /** Ends what runs and removes database, files and channels. */
  async terminate(): Promise<void> {
    await this.#endLife();
    await this.#parts.database.drop(this.#databaseSpec());
    await rm(this.#dataDirectory(), { recursive: true, force: true });
    await rm(join(this.#parts.paths.run, this.id), { recursive: true, force: true });
    this.#setStatus('stopped');
    this.hub.publish({ channel: 'state', data: { type: 'terminated' } });
  }

  /** One line for the environment's console. */
  log(entry: Omit<ConsoleEntry, 'at'>): void {
    const text =
      entry.text.length > MAX_ENTRY_LENGTH ? `${entry.text.slice(0, MAX_ENTRY_LENGTH)} … (cut)` : entry.text;
    this.hub.publish({
      channel: 'logs',
      data: { type: 'console', entry: { ...entry, text, at: Date.now() } },
    });
  }

  async #endLife(): Promise<void> {
    this.#life.abort(new Error('The preview was stopped.'));
    await this.#starting;
    await this.#release();
    this.#life = new AbortController();
  }

  async #release(): Promise<void> {
    clearTimeout(this.#restartTimer);
    this.#watch?.close();
    const [pod, frontend, backend, proxy] = [this.#pod, this.#frontend, this.#backend, this.#backendProxy];
    this.#watch = this.#pod = this.#frontend = this.#backend = this.#backendProxy = undefined;
    proxy?.close();
    await frontend?.close();
    await Promise.all([backend?.close(), pod?.destroy()]);
  }

  #fail(failure: Failure | undefined): void {
    this.#failure = failure && { code: failure.code, message: failure.message, remedy: failure.remedy };
    this.#setStatus('failed', failure?.message);
  }

  #setStatus(status: EnvironmentStatus, detail?: string): void {
    this.record.status = status;
    this.#event(status, detail);
    this.#persist();
    this.#changed();
  }

  #event(type: string, detail?: string): void {
    this.#parts.registry.recordEvent(this.id, type, detail).catch(reportStorage);
  }

  #persist(): void {
    if (this.record.status !== 'stopped')
      this.#parts.registry.saveEnvironment(this.record).catch(reportStorage);
  }

  /** Tells the channels, once for all changes of this turn of the event loop. */
  #changed(): void {
    if (this.#changeScheduled) return;
    this.#changeScheduled = true;
    setImmediate(() => {
      this.#changeScheduled = false;
      if (this.record.status !== 'stopped') this.tellState();
      this.#parts.onChange();
    });
  }

  #dataDirectory(): string {
    return join(this.#parts.paths.environments, this.id);
  }

  #databaseSpec(): DatabaseSpec {
    const { worktree, mainCheckout, config } = this.record;
    return {
      environmentId: this.id,
      dataDirectory: this.#dataDirectory(),
      worktree,
      mainCheckout,
      dump: config.isolation.backend.database.template.dump,
    };
  }
}

/** A checkout touches thousands of files; the channel names this many. */
const MAX_TOLD_PATHS = 200;

const NOT_ISOLATED: Isolation = {
  network: 'none',
  files: 'none',
  processes: 'none',
  memory: 'none',
  cpu: 'none',
  disk: 'none',
};

const describePlan = ({ frontend, backend, database }: ProjectPlan): string =>
  [
    frontend ? `frontend: ${frontend.reason}` : 'no frontend',
    backend ? `backend: ${backend.reason}` : 'no backend',
    backend ? `database: ${database.engine}, ${database.reason}` : '',
  ]
    .filter(Boolean)
    .join('; ');

function uniqueMounts<M extends { source: string; target?: string }>(mounts: M[]): M[] {
  return [...new Map(mounts.map((mount) => [mount.target ?? mount.source, mount])).values()];
}

/** Waits for both; when only one of them comes about, what the first made is undone before the error goes on. */
async function settleBoth<A, B>(
  first: Promise<A>,
  second: Promise<B>,
  undo: (made: A) => Promise<void>,
): Promise<[A, B]> {
  const [a, b] = await Promise.allSettled([first, second]);
  if (a.status === 'fulfilled' && b.status === 'fulfilled') return [a.value, b.value];
  if (a.status === 'fulfilled') await undo(a.value);
  throw a.status === 'rejected' ? a.reason : (b as PromiseRejectedResult).reason;
}

function reportStorage(error: unknown): void {
  console.error('The registry could not be written:', error);
}
