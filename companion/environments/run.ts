import { mkdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Duplex } from 'node:stream';
import type { Failure, ServiceState } from '#shared/api/environment.ts';
import type { ConsoleEntry } from '#shared/realtime/console-entry.ts';
import type { Frontend } from '../builder/frontend.ts';
import type { CommandEnvironment, DatabaseSpec } from '../databases/database.ts';
import { detectProject, type ProjectPlan } from '../detection/detect-project.ts';
import { inheritedEnv } from '../detection/env-files.ts';
import { requireImages } from '../detection/plan-services.ts';
import type { EgressGate } from '../egress/egress-gate.ts';
import type { BackendProxy } from '../proxy/backend-proxy.ts';
import type { NetworkLog } from '../proxy/network-log.ts';
import type { ChannelHub } from '../realtime/channel-hub.ts';
import type { LimitEvent, Mount, Pod } from '../runtimes/runtime.ts';
import type { EnvironmentRecord } from '../storage/environment-record.ts';
import { existingDirectory } from '../worktrees/git.ts';
import { type WorktreeWatch, watchWorktree } from '../worktrees/watch.ts';
import { DatabaseQuota } from './database-quota.ts';
import type { EnvironmentParts } from './environment-parts.ts';
import { podSpec } from './pod-spec.ts';
import { RunBackend } from './run-backend.ts';
import { RunDependencies } from './run-dependencies.ts';
import { ownServer } from './services/own-server.ts';
import { appEnv } from './services/service-env.ts';
import { settleBoth } from './settle-both.ts';
import type { StartSteps } from './start-steps.ts';
import type { WarmClaim } from './warm-pod.ts';

/** A checkout touches thousands of files; the channel names this many. */
const MAX_TOLD_PATHS = 200;
/** An environment nobody looks at or asks for this long is idle: its services' health is not asked. */
const IDLE_MS = 60_000;

/** The way out of a pod. */
export interface Egress {
  /** Takes over a connection that something in the pod opened to the outlet. */
  accept(connection: Duplex): void;
  /** Variables that lead programs to the outlet (HTTP_PROXY and the like), given its port inside the pod. */
  env(port: number): Record<string, string>;
}

export interface RunContext {
  record: EnvironmentRecord;
  parts: Pick<EnvironmentParts, 'paths' | 'runtime' | 'database' | 'provider'>;
  origin: string;
  /** The environment's private directory. */
  dataDirectory: string;
  /** How the environment's database is known; its commands are run in this life's pod. */
  database: DatabaseSpec;
  steps: StartSteps;
  hub: ChannelHub;
  network: NetworkLog;
  /** Null or left out: nothing leads out. */
  egress?: Egress | null;
  /** A pod that was made ahead for this environment. */
  warmPod?: WarmClaim;
  log(entry: Omit<ConsoleEntry, 'at'>): void;
  touch(): void;
  onServiceState(state: ServiceState): void;
  /** Something worth a row in the registry: `limit_memory`, `limit_disk`, `limit_processes`. */
  onEvent?(type: string, detail: string): void;
  /** The pod ended without having been asked to. */
  onPodGone(): void;
  /** The database takes more than the environment may use. */
  onDatabaseFull?(failure: Failure): void;
  onWorktreeRemoved(): void;
  /** A lock file changed, and what is installed is not what it says. */
  onPackagesStale(): void;
  /** A way out of an installation's sandbox, to these hosts (`host:port`) and no others. */
  installGate(allowed: string[]): EgressGate;
}

/** One life of an environment: everything that is started for it, and the way to let all of it go. */
export class Run {
  readonly #context: RunContext;
  readonly #ending = new AbortController();
  readonly #backend: RunBackend;
  readonly #dependencies: RunDependencies;
  readonly #podCreated = Promise.withResolvers<Pod>();
  readonly #servable = Promise.withResolvers<void>();
  #plan: ProjectPlan | undefined;
  #pod: Pod | undefined;
  #frontend: Frontend | undefined;
  #watch: WorktreeWatch | undefined;
  #quota: DatabaseQuota | undefined;
  #started: Promise<void> | undefined;

  constructor(context: RunContext) {
    this.#context = context;
    this.#podCreated.promise.catch(() => undefined); // told by start()
    this.#backend = new RunBackend(context, this.#ending.signal);
    this.#dependencies = new RunDependencies(context, this.#ending.signal);
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
  /** Every copy of every service. */
  get services(): ServiceState[] {
    return this.#backend.states;
  }
  /** Why a service does not run; undefined while all do or may. */
  get failure(): Failure | undefined {
    return this.#backend.failure;
  }
  get backendProxy(): BackendProxy | undefined {
    return this.#backend.proxy;
  }
  /** Resolves when requests can be answered, be it with why the start failed: before the first build is done. */
  get servable(): Promise<void> {
    return this.#servable.promise;
  }
  get isEnding(): boolean {
    return this.#ending.signal.aborted;
  }

  /** Starts everything. Rejects with what made it impossible; a service that fails is in `failure`. */
  start(): Promise<void> {
    this.#started ??= this.#start(this.#ending.signal)
      .catch((error) => {
        this.#podCreated.reject(error); // there will be none to run a command in
        throw error;
      })
      .finally(() => this.#servable.resolve());
    return this.#started;
  }

  /** Whether the start got as far as the services, and one of them is all that is missing. */
  get canRetry(): boolean {
    return this.#pod !== undefined && !this.isEnding && this.#backend.failure !== undefined;
  }

  /** Starts what was given up once more; what else runs goes on. Rejects when it is ended meanwhile. */
  async retry(): Promise<void> {
    await this.#backend.retry(this.#ending.signal);
  }

  /** Freezes the pod. The services' health is not asked until {@link resume}. */
  async suspend(): Promise<void> {
    this.#backend.services?.suspend();
    try {
      await this.#pod?.suspend();
    } catch (error) {
      this.#backend.services?.resume();
      throw error;
    }
  }

  async resume(): Promise<void> {
    await this.#pod?.resume();
    this.#backend.services?.resume();
  }

  /** Somebody uses the environment: health that was left alone is asked again. Costs next to nothing. */
  wake(): void {
    this.#backend.services?.wake();
  }

  /** Ends the services, gives `work` the database to itself, and starts them again. Rejects as `work` does. */
  async withDatabase<T>(work: (database: DatabaseSpec, signal: AbortSignal) => Promise<T>): Promise<T> {
    const plan = this.#plan ?? (await this.#resolve());
    const database = this.#backend.databaseSpec(plan, this.#podCreated.promise);
    const run = () => work(database, this.#ending.signal);
    const { services } = this.#backend;
    return services ? services.whileStopped(run) : run();
  }

  /** Ends everything that was started. Never rejects for a start that failed. Idempotent. */
  async end(): Promise<void> {
    this.#ending.abort(new Error('The preview was stopped.'));
    await this.#started?.catch(() => undefined); // told by start()
    this.#watch?.close();
    this.#dependencies.close();
    this.#quota?.close();
    this.#backend.refuse();
    // What one of them cannot end goes with the pod, which is ended in any case.
    const ended = await Promise.allSettled([this.#frontend?.close()]);
    ended.push(...(await Promise.allSettled([this.#backend.close(), this.#context.warmPod?.release()])));
    for (const { reason } of ended.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[])
      console.error(`${this.#context.record.id}: something did not end in order:`, reason);
    await this.#pod?.destroy();
    await this.#dependencies.removePoints();
  }

  async #start(signal: AbortSignal): Promise<void> {
    const { parts, steps } = this.#context;
    const plan = await steps.run('resolve', () => this.#resolve(), describePlan);
    this.#plan = plan;
    for (const note of plan.notes) this.#warn(note);
    const { mounts } = await this.#dependencies.provide(plan);
    const [pod, provisioned] = await settleBoth(
      steps.run(
        'sandbox',
        () => this.#createPod(plan, mounts, signal),
        () => undefined,
      ),
      steps.run(
        'database',
        async () =>
          parts.database.provision(this.#backend.databaseSpec(plan, this.#podCreated.promise), signal),
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
    this.#startQuota();
    const services = this.#backend.start(plan, pod, provisioned.env, () => this.#isIdle, signal);
    const frontend = this.#startFrontend(plan, pod, provisioned.env, signal).then(() =>
      this.#servable.resolve(),
    );
    await Promise.all([frontend, services]);
  }

  async #resolve(): Promise<ProjectPlan> {
    const { worktree, config, runtime } = this.#context.record;
    // It may have gone while nobody watched: before a restart of the companion, or of this preview.
    await existingDirectory(worktree);
    const plan = await detectProject(worktree, config.isolation);
    requireImages(plan.services, runtime);
    return plan;
  }

  async #createPod(plan: ProjectPlan, mounts: Mount[], signal: AbortSignal): Promise<Pod> {
    const { record, parts, egress, warmPod } = this.#context;
    try {
      await mkdir(this.#cacheDirectory, { recursive: true, mode: 0o700 });
      const { paths, database, runtime } = parts;
      const handlers = {
        egress: egress ? (connection: Duplex) => egress.accept(connection) : null,
        onLimit: (event: LimitEvent) => this.#backend.noteLimit(event),
      };
      const spec = podSpec({ record, paths, database, plan, mounts, handlers });
      const pod =
        (await warmPod?.take(spec, runtime.name, signal)) ?? (await runtime.createPod(spec, signal));
      this.#podCreated.resolve(pod);
      return pod;
    } catch (error) {
      this.#podCreated.reject(error);
      throw error;
    }
  }

  get #cacheDirectory(): string {
    return join(this.#context.dataDirectory, 'cache');
  }

  async #startFrontend(
    plan: ProjectPlan,
    pod: Pod,
    database: CommandEnvironment,
    signal: AbortSignal,
  ): Promise<void> {
    const { record, parts, steps, hub, origin } = this.#context;
    if (!plan.frontend) {
      for (const step of ['build', 'paint'] as const) steps.end(step, 'skipped', 'no frontend');
      return;
    }
    const { frontend } = record.config.isolation;
    steps.begin('build');
    const { root } = plan.frontend;
    const inherited = await inheritedEnv({ ...record, root, names: record.config.isolation.env_files });
    const server = await ownServer({
      record,
      root,
      origin,
      inherited,
      ...this.#backend.ways(pod, database),
      takenPorts: plan.services.flatMap(({ port }) => port ?? []),
      hasBackend: plan.main !== null,
    });
    this.#frontend = await parts.provider.start(
      {
        environmentId: record.id,
        pod,
        worktree: record.worktree,
        root,
        cacheDirectory: this.#cacheDirectory,
        inheritedEnv: inherited,
        appEnv: appEnv(origin, frontend.env),
        hotReload: frontend.hot_reload,
        server,
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

  get #isIdle(): boolean {
    const { record, hub } = this.#context;
    const isWatched = hub.subscriberCount > 0 || (this.#frontend?.pages ?? 0) > 0;
    return !isWatched && Date.now() - record.lastUsedAt > IDLE_MS;
  }

  #startWatch(plan: ProjectPlan): void {
    const { record, onWorktreeRemoved } = this.#context;
    this.#watch = watchWorktree(record.worktree, {
      onChange: (paths) => this.#filesChanged(paths, plan),
      onRemoved: onWorktreeRemoved,
      onDegraded: (text) => this.#warn(text),
    });
  }

  /** A database that is a file is among the files of the sandbox. */
  #startQuota(): void {
    const { parts, record, database, onDatabaseFull } = this.#context;
    if (parts.database.outletPort === null || !onDatabaseFull) return;
    this.#quota = new DatabaseQuota({
      provider: parts.database,
      spec: database,
      limitMb: record.config.isolation.backend.resource_limits.disk_mb,
      isRunning: () => record.status === 'running',
      onExceeded: onDatabaseFull,
    });
  }

  #filesChanged(paths: string[], plan: ProjectPlan): void {
    const { record, hub, touch } = this.#context;
    touch();
    const told = paths.slice(0, MAX_TOLD_PATHS).map((path) => relative(record.worktree, path));
    hub.publish({ channel: 'state', data: { type: 'file_change', paths: told } });
    this.#frontend?.filesChanged(paths);
    this.#backend.filesChanged(paths, plan);
    this.#dependencies.filesChanged(paths, this.#context.onPackagesStale);
  }

  #warn(text: string): void {
    this.#context.log({ source: 'vitrine', level: 'warn', text });
  }
}

const describePlan = ({ frontend, services, database }: ProjectPlan): string =>
  [
    frontend ? `frontend: ${frontend.reason}` : 'no frontend',
    ...services.map(({ name, reason }) => (reason.endsWith(name) ? reason : `${name}: ${reason}`)),
    services.length === 0 ? 'no backend' : `database: ${database.engine}, ${database.reason}`,
  ].join('; ');
