import type { CreateEnvironment } from '#shared/api/environment.ts';
import { durationMs } from '#shared/config/duration.ts';
import { VitrineError } from '#shared/errors.ts';
import type { ChannelEvent } from '#shared/realtime/channels.ts';
import { readConfig } from '../config/read-config.ts';
import { createSecret } from '../security/secrets.ts';
import type { EnvironmentRecord } from '../storage/environment-record.ts';
import type { Registry } from '../storage/registry.ts';
import type { StatePaths } from '../storage/state-directory.ts';
import type { Engines } from './engines.ts';
import { Environment } from './environment.ts';
import { createEnvironmentId } from './environment-name.ts';
import type { EnvironmentParts } from './environment-parts.ts';
import { inspectAttempt, type ResolvedAttempt } from './resolve-attempt.ts';
import { StartTurns } from './start-turns.ts';
import { UsageSampler } from './usage-sampler.ts';
import { type WarmCandidate, WarmPods } from './warm-pods.ts';

const IDLE_CHECK_MS = 30_000;
const MIN_IDLE_CHECK_MS = 250;
/** Every pod has a way out, which the policy opens or keeps shut. */
const HAS_EGRESS = true;

export interface EnvironmentsOptions {
  registry: Registry;
  paths: StatePaths;
  engines: Engines;
  port: number;
  /** Resolves a task of a board to its newest attempt. */
  findOnBoard(request: CreateEnvironment, signal: AbortSignal): Promise<ResolvedAttempt>;
  /** Told of everything that goes to environments' channels. */
  onPublish(environmentId: string, event: ChannelEvent): void;
  /** Attempts that a sandbox may be kept ready for. */
  warmCandidates(environments: Environments, signal: AbortSignal): Promise<WarmCandidate[]>;
}

/** All environments of this companion: makes one per attempt, brings them back after a crash, ends idle ones. */
export class Environments {
  readonly #options: EnvironmentsOptions;
  readonly #environments = new Map<string, Environment>();
  /** Creates under way, by what they are for, so that two for one task become one environment. */
  readonly #creating = new Map<string, Promise<Environment>>();
  readonly #listeners = new Set<() => void>();
  #idleTimer: NodeJS.Timeout | undefined;
  #isClosed = false;
  readonly #sampler: UsageSampler;
  readonly #turns = new StartTurns();
  readonly #warmPods: WarmPods;

  constructor(options: EnvironmentsOptions) {
    this.#options = options;
    this.#warmPods = new WarmPods({
      engines: options.engines,
      paths: options.paths,
      candidates: (signal) => options.warmCandidates(this, signal),
      hasEnvironment: (worktree) => this.findByWorktree(worktree) !== undefined,
      isBusy: () => this.list().some(({ record }) => record.status === 'initializing'),
      hasEgress: HAS_EGRESS,
    });
    this.#scheduleIdleCheck();
    this.#sampler = new UsageSampler(
      () => this.list(),
      () => this.#listeners.size > 0,
    );
  }

  list(): Environment[] {
    return [...this.#environments.values()];
  }

  get(id: string): Environment | undefined {
    return this.#environments.get(id);
  }

  /** As {@link get}; throws ENVIRONMENT_UNKNOWN. */
  require(id: string): Environment {
    const environment = this.#environments.get(id);
    if (environment) return environment;
    throw new VitrineError({
      code: 'ENVIRONMENT_UNKNOWN',
      message: `There is no environment ${id.slice(0, 80)}.`,
      remedy: 'It may have been terminated. List the environments, or start the preview again.',
      status: 404,
    });
  }

  findByTask(taskId: string): Environment | undefined {
    return this.list()
      .filter((environment) => environment.record.taskId === taskId)
      .sort((a, b) => b.record.createdAt - a.record.createdAt)[0];
  }

  findByWorktree(worktree: string): Environment | undefined {
    return this.list().find((environment) => environment.record.worktree === worktree);
  }

  /** Told after every change of any environment. Returns the way to unsubscribe. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * The environment of an attempt: the one there is, or a new one that is starting. Two calls for one task or
   * worktree at the same moment get the same. Throws what is wrong with the request or the worktree.
   */
  async create(request: CreateEnvironment, signal: AbortSignal): Promise<Environment> {
    const key = request.worktree ?? `${request.board?.url ?? ''} ${request.taskId}`;
    const underWay = this.#creating.get(key);
    if (underWay) return underWay;
    const creating = this.#create(request, signal).finally(() => this.#creating.delete(key));
    this.#creating.set(key, creating);
    return creating;
  }

  async #create(request: CreateEnvironment, signal: AbortSignal): Promise<Environment> {
    const attempt = request.worktree
      ? await inspectAttempt({ ...request, worktree: request.worktree }, signal)
      : await this.#options.findOnBoard(request, signal);
    const existing = this.findByWorktree(attempt.worktree);
    if (existing) {
      existing.touch();
      if (existing.record.status === 'failed') await existing.life.restart();
      return existing;
    }
    const config = await readConfig(attempt.worktree);
    const { engines, registry } = this.#options;
    const chosen = await engines.choose(attempt, config.isolation, signal);
    const again = this.findByWorktree(attempt.worktree); // another key may have led here meanwhile
    if (again) return again;
    const now = Date.now();
    const warmPod = this.#warmPods.claim(attempt.worktree);
    const record: EnvironmentRecord = {
      id: warmPod?.environmentId ?? createEnvironmentId(attempt.title),
      taskId: attempt.taskId,
      agentId: attempt.agentId,
      title: attempt.title,
      template: request.template,
      board: request.board,
      worktree: attempt.worktree,
      mainCheckout: attempt.mainCheckout,
      branch: attempt.branch,
      status: 'initializing',
      provider: chosen.provider.name,
      providerReason: chosen.providerReason,
      runtime: chosen.runtime.name,
      database: chosen.database.engine,
      secret: warmPod?.secret ?? createSecret(),
      cookie: createSecret(),
      config,
      allowedHosts: [],
      createdAt: now,
      lastUsedAt: now,
    };
    const environment = this.#adopt(record, {
      warmPod,
      foundPlan: { plan: chosen.plan, at: performance.now() },
    });
    try {
      await registry.saveEnvironment(record);
      await this.#makeRoom(environment);
    } catch (error) {
      // A full disk, for one: nothing of it may be left that no record knows.
      this.#environments.delete(record.id);
      await Promise.allSettled([warmPod?.release(), registry.removeEnvironment(record.id)]);
      throw error;
    }
    void environment.life.start();
    if (config.isolation.backend.pool > 0) this.attemptsChanged();
    return environment;
  }

  /**
   * Brings back what an earlier companion had. Resolves when all of it is on the list; those that ran start again
   * behind that, with their databases and cookies.
   */
  async restore(): Promise<void> {
    const records = await this.#options.registry.environments((cause) =>
      console.error('An environment in the registry could not be read and is left out:', cause),
    );
    for (const { id, record, life } of records.map((each) => this.#adopt(each))) {
      if (record.status === 'stopped')
        this.terminate(id).catch((error) => console.error(`${id} could not be ended:`, error));
      if (record.status === 'running' || record.status === 'initializing') void life.start();
    }
  }

  #adopt(
    record: EnvironmentRecord,
    ahead: Pick<EnvironmentParts, 'warmPod' | 'foundPlan'> = {},
  ): Environment {
    const { engines, registry, paths, port } = this.#options;
    const environment: Environment = new Environment(record, {
      ...engines.of(record),
      registry,
      paths,
      port,
      turns: this.#turns,
      ...ahead,
      onPublish: this.#options.onPublish,
      choose: (...given) => engines.choose(...given),
      findProvider: (name) => engines.provider(name),
      makeRoom: () => this.#makeRoom(environment),
      onChange: () => this.#changed(),
    });
    this.#environments.set(record.id, environment);
    this.#scheduleIdleCheck();
    return environment;
  }

  async terminate(id: string): Promise<void> {
    const environment = this.require(id);
    await environment.life.condemn();
    this.#environments.delete(id);
    this.#changed();
    await environment.life.terminate();
    await this.#options.registry.removeEnvironment(id);
  }

  /** Suspends the least recently used while with the newcomer too many run; those nobody looks at first. */
  async #makeRoom(newcomer: Environment): Promise<void> {
    const limit = newcomer.record.config.isolation.backend.max_instances;
    const others = this.list().filter(
      ({ record, id }) =>
        id !== newcomer.id && (record.status === 'running' || record.status === 'initializing'),
    );
    const leastUsed = others
      .filter(({ record }) => record.status === 'running')
      .sort((a, b) => Number(a.isWatched) - Number(b.isWatched) || a.record.lastUsedAt - b.record.lastUsedAt);
    const tooMany = leastUsed.slice(0, Math.max(0, others.length + 1 - limit));
    await Promise.all(
      tooMany.map((environment) =>
        environment.life
          .suspend(`more than max_instances (${limit}) would run`)
          .catch((error) => console.error(`${environment.id} could not be suspended:`, error)),
      ),
    );
  }

  async #endIdle(): Promise<void> {
    for (const environment of this.list()) {
      const { record, isWatched } = environment;
      if (isWatched) environment.touch();
      await environment.journal
        .saveUse()
        .catch((error) => console.error(`${environment.id} could not be saved:`, error));
      if (record.status === 'initializing' || idleMsLeft(environment) > 0) continue;
      await this.terminate(environment.id).catch((error) =>
        console.error(`${environment.id} could not be ended:`, error),
      );
    }
    if (this.list().some(({ record }) => record.config.isolation.backend.pool > 0)) this.attemptsChanged();
    this.#scheduleIdleCheck();
  }

  /** The next look is when the first could be due, and not later than the usual interval. */
  #scheduleIdleCheck(): void {
    clearTimeout(this.#idleTimer);
    if (this.#isClosed) return;
    const due = Math.min(IDLE_CHECK_MS, ...this.list().map(idleMsLeft));
    this.#idleTimer = setTimeout(() => void this.#endIdle(), Math.max(due, MIN_IDLE_CHECK_MS));
    this.#idleTimer.unref();
  }

  /** There may be other attempts than before. Costs nothing unless a pool of sandboxes is wanted. */
  attemptsChanged(): void {
    this.#warmPods.attemptsChanged();
  }

  #changed(): void {
    this.#warmPods.environmentsChanged();
    for (const listener of this.#listeners) listener();
  }

  /** The companion stops: everything ends, records and data stay. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#idleTimer);
    this.#sampler.close();
    await this.#warmPods.close();
    await Promise.all(this.list().map((environment) => environment.life.stop()));
  }
}

/** Milliseconds until an environment that nobody uses has to go. */
function idleMsLeft({ record }: Environment): number {
  return record.lastUsedAt + durationMs(record.config.isolation.backend.instance_timeout) - Date.now();
}
