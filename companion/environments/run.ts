import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Failure, ServiceState } from '#shared/api/environment.ts';
import type { Frontend } from '../builder/frontend.ts';
import type { DatabaseSpec, ProvisionedDatabase } from '../databases/database.ts';
import { detectProject, type ProjectPlan } from '../detection/detect-project.ts';
import { requireImages } from '../detection/plan-services.ts';
import type { BackendProxy } from '../proxy/backend-proxy.ts';
import type { Mount, Pod } from '../runtimes/runtime.ts';
import { existingDirectory } from '../worktrees/git.ts';
import { RunBackend } from './run-backend.ts';
import type { RunContext } from './run-context.ts';
import { RunDependencies } from './run-dependencies.ts';
import { RunFrontend } from './run-frontend.ts';
import { RunSandbox } from './run-sandbox.ts';
import { RunWatchers } from './run-watchers.ts';
import { settleBoth } from './settle-both.ts';

/** An environment nobody looks at or asks for this long is idle: its services' health is not asked. */
const IDLE_MS = 60_000;
/** A worktree that was looked at no longer ago than this is not looked at again. */
const FOUND_MS = 1_000;

/** One life of an environment: everything that is started for it, and the way to let all of it go. */
export class Run {
  readonly #context: RunContext;
  readonly #ending = new AbortController();
  readonly #backend: RunBackend;
  readonly #dependencies: RunDependencies;
  readonly #frontend: RunFrontend;
  readonly #sandbox: RunSandbox;
  readonly #watchers: RunWatchers;
  #servable = Promise.withResolvers<void>();
  // What a start got done. It stays when what failed after it is tried again.
  #plan: ProjectPlan | undefined;
  #mounts: Mount[] | undefined;
  #database: ProvisionedDatabase | undefined;
  #started: Promise<void> | undefined;

  constructor(context: RunContext) {
    this.#context = context;
    this.#backend = new RunBackend(context, this.#ending.signal);
    this.#dependencies = new RunDependencies(context, this.#ending.signal);
    const cacheDirectory = join(context.dataDirectory, 'cache');
    this.#frontend = new RunFrontend(context, this.#backend, cacheDirectory);
    this.#sandbox = new RunSandbox(context, cacheDirectory, {
      onLimit: (event) => this.#backend.noteLimit(event),
      onGone: () => {
        if (!this.isEnding) context.onPodGone();
      },
    });
    this.#watchers = new RunWatchers(context, {
      onFiles: (paths, plan) => this.#filesChanged(paths, plan),
      onDegraded: (text) => this.#warn(text),
    });
  }

  get plan(): ProjectPlan | undefined {
    return this.#plan;
  }
  get pod(): Pod | undefined {
    return this.#sandbox.pod;
  }
  get frontend(): Frontend | undefined {
    return this.#frontend.current;
  }
  /** Every copy of every service: none goes on when the rest ended. */
  get services(): ServiceState[] {
    const { states } = this.#backend;
    if (!this.isEnding) return states;
    return states.map((state) => (state.status === 'failed' ? state : { ...state, status: 'exited' }));
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
    this.#started ??= this.#begin();
    return this.#started;
  }

  /** Whether a retry has something to go on from. */
  get canRetry(): boolean {
    return this.#plan !== undefined && !this.isEnding;
  }

  /**
   * Does what failed once more and then what was to come after it; what was done stays, and what runs goes on. As
   * {@link start} besides. Resolves false, having done nothing, where the project is another by now.
   */
  async retry(): Promise<boolean> {
    // What cannot be found out any more is told by a start from the beginning.
    const plan = await this.#resolve().catch(() => undefined);
    if (!plan || !isDeepStrictEqual(plan, this.#plan)) return false;
    this.#servable = Promise.withResolvers();
    this.#started = this.#begin();
    await this.#started;
    return true;
  }

  /** Freezes the pod. The services' health is not asked until {@link resume}. */
  async suspend(): Promise<void> {
    this.#backend.services?.suspend();
    try {
      await this.pod?.suspend();
    } catch (error) {
      this.#backend.services?.resume();
      throw error;
    }
  }

  async resume(): Promise<void> {
    await this.pod?.resume();
    this.#backend.services?.resume();
  }

  /** Somebody uses the environment: health that was left alone is asked again. Costs next to nothing. */
  wake(): void {
    this.#backend.services?.wake();
  }

  /** Ends the services, gives `work` the database to itself, and starts them again. Rejects as `work` does. */
  async withDatabase<T>(work: (database: DatabaseSpec, signal: AbortSignal) => Promise<T>): Promise<T> {
    const plan = this.#plan ?? (await this.#resolve());
    const database = this.#backend.databaseSpec(plan, this.#sandbox.coming);
    const run = () => work(database, this.#ending.signal);
    const { services } = this.#backend;
    return services ? services.whileStopped(run) : run();
  }

  /** Ends everything that was started. Never rejects for a start that failed. Idempotent. */
  async end(): Promise<void> {
    this.#ending.abort(new Error('The preview was stopped.'));
    await this.#started?.catch(() => undefined); // told by start()
    this.#watchers.close();
    this.#dependencies.close();
    this.#backend.refuse();
    // What one of them cannot end goes with the pod, which is ended in any case.
    const ended = await Promise.allSettled([this.#frontend.close()]);
    ended.push(...(await Promise.allSettled([this.#backend.close(), this.#context.warmPod?.release()])));
    for (const { reason } of ended.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[])
      console.error(`${this.#context.record.id}: something did not end in order:`, reason);
    await this.pod?.destroy();
    await this.#dependencies.removePoints();
  }

  #begin(): Promise<void> {
    this.#sandbox.expect();
    return this.#start(this.#ending.signal)
      .catch((error) => {
        this.#sandbox.giveUp(error);
        throw error;
      })
      .finally(() => this.#servable.resolve());
  }

  /** Begins with the first thing that is not done. */
  async #start(signal: AbortSignal): Promise<void> {
    const plan = await this.#planOnce();
    this.#mounts ??= (await this.#dependencies.provide(plan)).mounts;
    this.#frontend.prepare(plan);
    const [pod, { env }] = await settleBoth(
      this.#sandbox.create(plan, this.#mounts, signal),
      this.#databaseOnce(plan, signal),
    );
    signal.throwIfAborted();
    this.#watchers.start(plan);
    // The builder takes longest, and is what a person waits for: it comes first.
    const frontend = async () => {
      if (!this.#frontend.isUp) await this.#frontend.start(plan, pod, env, signal);
    };
    const starting = frontend();
    const opening = this.#backend.open(plan, pod, env, () => this.#isIdle, signal);
    const backend = opening.then(() => this.#backend.start(signal));
    settleBoth(starting, opening).then(
      () => this.#servable.resolve(),
      () => undefined, // told below
    );
    await settleBoth(starting, backend);
  }

  async #planOnce(): Promise<ProjectPlan> {
    if (this.#plan) return this.#plan;
    const plan = await this.#context.steps.run('resolve', () => this.#resolve(this.#found), describePlan);
    this.#plan = plan;
    for (const note of plan.notes) this.#warn(note);
    return plan;
  }

  async #databaseOnce(plan: ProjectPlan, signal: AbortSignal): Promise<ProvisionedDatabase> {
    const { steps, parts } = this.#context;
    this.#database ??= await steps.run(
      'database',
      async () => parts.database.provision(this.#backend.databaseSpec(plan, this.#sandbox.coming), signal),
      ({ detail }) => detail,
    );
    return this.#database;
  }

  /** What was found just now; undefined where the start had to wait meanwhile. */
  get #found(): ProjectPlan | undefined {
    const { foundPlan } = this.#context;
    return foundPlan && performance.now() - foundPlan.at < FOUND_MS ? foundPlan.plan : undefined;
  }

  async #resolve(found?: ProjectPlan): Promise<ProjectPlan> {
    const { worktree, mainCheckout, config, runtime } = this.#context.record;
    // It may have gone while nobody watched: before a restart of the companion, or of this preview.
    await existingDirectory(worktree);
    const plan = found ?? (await detectProject(worktree, config.isolation, mainCheckout));
    requireImages(plan.services, runtime);
    return plan;
  }

  get #isIdle(): boolean {
    const { record, hub } = this.#context;
    const isWatched = hub.subscriberCount > 0 || (this.#frontend.current?.pages ?? 0) > 0;
    return !isWatched && Date.now() - record.lastUsedAt > IDLE_MS;
  }

  #filesChanged(paths: string[], plan: ProjectPlan): void {
    this.#frontend.current?.filesChanged(paths);
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
    services.length === 0 && database.engine === 'none'
      ? 'no backend'
      : `database: ${database.engine}, ${database.reason}`,
  ].join('; ');
