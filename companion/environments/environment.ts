import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Snapshot } from '#shared/api/database.ts';
import type { Environment as EnvironmentView, Failure, ServiceState } from '#shared/api/environment.ts';
import type { UsageSample } from '#shared/api/usage.ts';
import type { EnvironmentConfig } from '#shared/config/environment-config.ts';
import { toVitrineError } from '#shared/errors.ts';
import type { Frontend, FrontendProvider } from '../builder/frontend.ts';
import type { DatabaseSpec } from '../databases/database.ts';
import type { ProjectPlan } from '../detection/detect-project.ts';
import { egressEnv } from '../egress/egress-env.ts';
import type { BackendProxy } from '../proxy/backend-proxy.ts';
import { NetworkLog } from '../proxy/network-log.ts';
import { ChannelHub } from '../realtime/channel-hub.ts';
import type { PodUsage } from '../runtimes/runtime.ts';
import { previewOrigin } from '../security/origins.ts';
import type { EnvironmentRecord } from '../storage/environment-record.ts';
import { Activity } from './activity.ts';
import { DATABASE_DEADLINE_MS, type DatabaseWork, databaseSpec } from './database-work.ts';
import { EnvironmentEgress } from './environment-egress.ts';
import type { EnvironmentParts } from './environment-parts.ts';
import { environmentView } from './environment-view.ts';
import { Journal } from './journal.ts';
import { Recovery } from './recovery.ts';
import { Run } from './run.ts';
import { engineGone, SANDBOX_ENDED, worktreeRemoved } from './run-failures.ts';
import { StartSteps } from './start-steps.ts';
import { UsageHistory } from './usage-history.ts';
import type { WarmClaim } from './warm-pod.ts';

/** A start that takes longer waits for something else than the machine. */
const MAX_TURN_MS = 5_000;
/** To ask engines whether they are there. */
const CHOOSE_DEADLINE_MS = 15_000;

/** One attempt's live preview: its record, its channels, and the run that is going on. */
export class Environment {
  readonly record: EnvironmentRecord;
  readonly hub = new ChannelHub((event) => this.#parts.onPublish(this.id, event));
  readonly network = new NetworkLog((request) =>
    this.hub.publish({ channel: 'logs', data: { type: 'network', request } }),
  );
  readonly activity: Activity;
  readonly journal: Journal;
  readonly egress: EnvironmentEgress;
  #parts: EnvironmentParts;
  readonly #recovery: Recovery;
  readonly #usage = new UsageHistory();
  readonly #steps = new StartSteps(() => this.journal.changed());
  #run: Run | undefined;
  #warmPod: WarmClaim | undefined;
  #failure: Failure | undefined;
  /** Ends the wait for the turn to start. */
  #waiting: AbortController | undefined;
  #terminated: Promise<void> | undefined;
  /** The configuration asks for another runtime or provider than it was made with. */
  #choosesAgain = false;
  /** Suspend, resume, restart and the like, one after the other. */
  #queue: Promise<void> = Promise.resolve();

  constructor(record: EnvironmentRecord, parts: EnvironmentParts) {
    this.record = record;
    this.activity = new Activity(record);
    this.#parts = parts;
    this.#warmPod = parts.warmPod;
    this.journal = new Journal({
      record,
      registry: parts.registry,
      hub: this.hub,
      view: () => this.view(),
      onChange: parts.onChange,
    });
    this.egress = new EnvironmentEgress({
      record,
      log: this.network,
      port: parts.port,
      save: () => this.#save(),
    });
    this.#recovery = new Recovery({
      isEngineUp: async (signal) => (await this.#parts.runtime.probe(signal)).available,
      restart: () => this.start(),
      onWaiting: () => this.#fail(engineGone(record.runtime)),
    });
  }

  get id(): string {
    return this.record.id;
  }
  get origin(): string {
    return previewOrigin(this.id, this.#parts.port);
  }
  get plan(): ProjectPlan | undefined {
    return this.#run?.plan;
  }
  get frontend(): Frontend | undefined {
    return this.#run?.frontend;
  }
  get backendProxy(): BackendProxy | undefined {
    return this.#run?.backendProxy;
  }
  /** Resolves when requests can be answered; at once when nothing is starting. */
  get servable(): Promise<void> {
    return this.#run?.servable ?? Promise.resolve();
  }
  get failure(): Failure | undefined {
    return this.#failure;
  }

  get usage(): UsageSample[] {
    return this.#usage.list();
  }

  /** Measures what the sandbox uses and tells the channels. */
  async sampleUsage(): Promise<void> {
    const pod = this.#run?.pod;
    if (!pod || this.record.status !== 'running') return;
    const sample = await this.#usage.sample(pod);
    if (sample) this.hub.publish({ channel: 'state', data: { type: 'usage', sample } });
  }

  /** What the sandbox uses; null where it does not run, or the platform does not tell. */
  async usageNow(signal: AbortSignal): Promise<PodUsage | null> {
    const pod = this.#run?.pod;
    // One that ends meanwhile has nothing to tell.
    return pod ? await pod.usage(signal).catch(() => null) : null;
  }

  /** Somebody says whether it was useful; null takes that back. */
  async judge(useful: boolean | null): Promise<void> {
    if (useful === null) delete this.record.useful;
    else this.record.useful = useful;
    await this.#parts.registry.measurements.judge(this.id, useful);
    await this.#save();
  }

  /** Takes over what its environment.yaml says now: egress at once, all else when somebody restarts it. */
  async useConfig(config: EnvironmentConfig): Promise<void> {
    const [before, after] = [this.record.config.isolation, config.isolation];
    this.#choosesAgain ||=
      before.backend.runtime !== after.backend.runtime || before.provider !== after.provider;
    this.record.config = config;
    this.egress.policyChanged();
    await this.#save();
  }

  /** Snapshots of the database. */
  snapshots(): Promise<Snapshot[]> {
    return this.#parts.database.snapshots(this.#databaseSpec);
  }

  /** Removes a snapshot: nothing has to stop for it. Throws SNAPSHOT_UNKNOWN. */
  forgetSnapshot(name: string): Promise<void> {
    this.touch();
    return this.#parts.database.forget(this.#databaseSpec, name, AbortSignal.timeout(DATABASE_DEADLINE_MS));
  }

  /** Stops the services, works on the database, and starts them again. `what` goes into the event. */
  changeDatabase(what: string, work: DatabaseWork): Promise<void> {
    return this.#inTurn(async () => {
      this.touch();
      const { database } = this.#parts;
      if (this.record.status === 'suspended' && this.#run) {
        await this.#run.resume();
        this.journal.status('running');
      }
      const run = this.#run?.isEnding ? undefined : this.#run;
      if (run) await run.withDatabase((spec, signal) => work(database, spec, signal));
      else await work(database, this.#databaseSpec, AbortSignal.timeout(DATABASE_DEADLINE_MS));
      this.journal.event('database', what);
    });
  }

  /** Whether somebody has it open, be it in a workbench or a tab. */
  get isWatched(): boolean {
    return this.activity.isOpen || this.hub.subscriberCount > 0 || (this.frontend?.pages ?? 0) > 0;
  }

  /** What the API and the channels show. */
  view(): EnvironmentView {
    const { record, origin } = this;
    return environmentView({
      record,
      origin,
      run: this.#run,
      steps: this.#steps.list(),
      failure: this.#failure,
    });
  }

  /** Somebody uses it. */
  touch(): void {
    this.activity.touch();
    this.#run?.wake();
  }

  /** Starts everything. Resolves when it is up or known to have failed: `view()` tells. Never rejects. */
  start(): Promise<void> {
    return this.#inTurn(() => this.#start());
  }

  /** Freezes the pod. Does nothing unless it runs. `why` goes into the event. */
  suspend(why?: string): Promise<void> {
    return this.#inTurn(async () => {
      if (this.record.status !== 'running' || !this.#run?.pod) return;
      await this.#run.suspend();
      this.journal.status('suspended', why);
    });
  }

  /** Brings a suspended environment back, starting it anew where nothing of it runs. */
  resume(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.record.status !== 'suspended') return;
      this.touch();
      await this.#parts.makeRoom();
      if (!this.#run?.pod) return this.#start();
      await this.#run.resume();
      this.journal.status('running');
    });
  }

  /**
   * Ends what runs and starts anew, with another runtime or provider if the configuration asks for one since; the
   * database is kept. Rejects, with everything as it was, where those are not to be had.
   */
  async restart(): Promise<void> {
    if (this.#choosesAgain) await this.#chooseAgain();
    await this.#restart();
  }

  async #chooseAgain(): Promise<void> {
    const { worktree, config } = this.record;
    const deadline = AbortSignal.timeout(CHOOSE_DEADLINE_MS);
    const { runtime, provider, providerReason } = await this.#parts.choose(
      worktree,
      config.isolation,
      deadline,
    );
    this.#choosesAgain = false;
    Object.assign(this.record, { runtime: runtime.name, provider: provider.name, providerReason });
    this.#parts = { ...this.#parts, runtime, provider };
    await this.journal.save();
  }

  async #restart(): Promise<void> {
    await this.stop();
    await this.#parts.makeRoom();
    await this.start();
  }

  /** Tries again what failed: services in the sandbox there is, anything before them with a start from the beginning. */
  retry(): Promise<void> {
    const run = this.#run;
    if (this.record.status !== 'failed' || !run?.canRetry) return this.restart();
    return this.#inTurn(async () => {
      if (run.isEnding) return;
      this.touch();
      this.#failure = undefined;
      this.journal.status('initializing');
      await run.retry().catch((error: unknown) => {
        if (!run.isEnding) throw error;
      });
      if (run.isEnding) return;
      if (run.failure) this.#fail(run.failure);
      else this.journal.status('running');
    });
  }

  /** Shows the frontend with another provider from now on: what runs is started anew. */
  async switchProvider(provider: FrontendProvider, reason: string): Promise<void> {
    this.record.provider = provider.name;
    this.record.providerReason = reason;
    this.#parts = { ...this.#parts, provider };
    await this.journal.save();
    await this.#restart();
  }

  /** Ends what runs, keeping the record and the data. Also ends a start that is going on. */
  stop(): Promise<void> {
    this.#recovery.cancel();
    this.#waiting?.abort();
    const ending = this.#run?.end();
    return this.#inTurn(async () => {
      await ending;
      await this.#run?.end();
      this.#run = undefined;
      this.egress.close();
    });
  }

  /** Decides its end, for good: whatever a crash leaves undone is done at the next start. */
  async condemn(): Promise<void> {
    this.record.status = 'stopped';
    await this.journal.save();
  }

  /** Ends what runs and removes database, files and channels. Idempotent. */
  terminate(): Promise<void> {
    this.#terminated ??= this.#terminate();
    return this.#terminated;
  }

  async #terminate(): Promise<void> {
    await this.stop();
    await this.#warmPod?.release();
    await this.#inTurn(async () => {
      await this.#parts.database.drop(this.#databaseSpec);
      await rm(this.#dataDirectory, { recursive: true, force: true });
      await rm(join(this.#parts.paths.run, this.id), { recursive: true, force: true });
      this.journal.status('stopped');
      this.hub.publish({ channel: 'state', data: { type: 'terminated' } });
    });
  }

  async #start(): Promise<void> {
    if (this.record.status === 'stopped') return; // it is being terminated
    await this.#run?.end();
    this.#failure = undefined;
    this.#steps.reset();
    const run = this.#createRun();
    this.#run = run;
    this.journal.status('initializing');
    try {
      await this.#startInTurn(run);
      if (run.isEnding) return;
      if (run.failure) this.#fail(run.failure);
      else this.journal.status('running');
    } catch (error) {
      if (run.isEnding) return;
      const failure = toVitrineError(error);
      this.#steps.fail(failure.message);
      await run.end();
      this.#fail(failure);
    }
  }

  async #startInTurn(run: Run): Promise<void> {
    const waiting = new AbortController();
    this.#waiting = waiting;
    const giveBack = await this.#parts.turns.take(waiting.signal).catch(() => null); // stopped: the run says so
    const timer = setTimeout(() => giveBack?.(), MAX_TURN_MS);
    try {
      await run.start();
    } finally {
      clearTimeout(timer);
      giveBack?.();
    }
  }

  #createRun(): Run {
    const warmPod = this.#warmPod;
    this.#warmPod = undefined;
    const run: Run = new Run({
      warmPod,
      record: this.record,
      parts: this.#parts,
      origin: this.origin,
      dataDirectory: this.#dataDirectory,
      database: this.#databaseSpec,
      steps: this.#steps,
      hub: this.hub,
      network: this.network,
      egress: { accept: (connection) => this.egress.accept(connection), env: egressEnv },
      log: (entry) => this.journal.log(entry),
      touch: () => this.touch(),
      onServiceState: (state) => this.#serviceChanged(state),
      onEvent: (type, detail) => this.journal.event(type, detail),
      onPodGone: () => void this.#podLost(run),
      onDatabaseFull: (failure) => {
        this.journal.event('limit_disk', failure.message);
        void this.#lost(run, failure);
      },
      onPackagesStale: () => {
        this.journal.event('packages', 'The lock file changed: the preview starts anew with its packages');
        void this.#restart();
      },
      installGate: (allowed) => this.egress.installGate(allowed),
      onWorktreeRemoved: () => void this.#lost(run, worktreeRemoved(this.record.worktree)),
    });
    return run;
  }

  #serviceChanged({ name, status, failure }: ServiceState): void {
    if (status !== 'starting') this.journal.event(`service_${status}`, failure?.message ?? name);
    if (failure)
      this.journal.log({ source: 'vitrine', level: 'error', text: `${failure.message} ${failure.remedy}` });
    const failed = this.#run?.failure;
    if (this.record.status === 'running' && failed) this.#fail(failed);
    if (this.record.status === 'failed' && status === 'running' && !failed) {
      this.#failure = undefined;
      this.journal.status('running');
    }
    this.journal.changed();
  }

  /** What the run stands on is gone: the rest of it ends too. */
  async #lost(run: Run, failure: Failure): Promise<void> {
    await run.end();
    if (this.#run === run) this.#fail(failure);
  }

  /** The pod ended by itself: it is started again, unless that happens again and again. */
  async #podLost(run: Run): Promise<void> {
    await this.#lost(run, SANDBOX_ENDED);
    if (this.#run === run) await this.#recovery.afterLoss();
  }

  #fail(failure: Failure): void {
    const { code, message, remedy } = failure;
    this.#failure = { code, message, remedy };
    this.journal.status('failed', message);
  }

  async #save(): Promise<void> {
    await this.journal.save();
    this.journal.changed();
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#queue.then(work);
    this.#queue = turn.catch(() => undefined); // told to whoever asked for it
    return turn;
  }

  get #dataDirectory(): string {
    return join(this.#parts.paths.environments, this.id);
  }

  get #databaseSpec(): DatabaseSpec {
    return databaseSpec(this.record, this.#dataDirectory);
  }
}
