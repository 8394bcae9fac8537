import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { StartStep } from '#shared/api/environment.ts';
import { toVitrineError } from '#shared/errors.ts';
import type { FrontendProvider } from '../builder/frontend.ts';
import type { DatabaseSpec } from '../databases/database.ts';
import { egressEnv } from '../egress/egress-env.ts';
import type { NetworkLog } from '../proxy/network-log.ts';
import type { ChannelHub } from '../realtime/channel-hub.ts';
import type { EnvironmentRecord } from '../storage/environment-record.ts';
import type { Condition } from './condition.ts';
import type { EnvironmentEgress } from './environment-egress.ts';
import type { EnvironmentParts, FoundPlan } from './environment-parts.ts';
import type { EnvironmentSetup } from './environment-setup.ts';
import type { Journal } from './journal.ts';
import { Run } from './run.ts';
import { RunMishaps } from './run-mishaps.ts';
import { StartSteps } from './start-steps.ts';
import type { WarmClaim } from './warm-pod.ts';

export interface EnvironmentLifeOptions {
  record: EnvironmentRecord;
  parts: EnvironmentParts;
  origin: string;
  /** As in {@link RunContext}. */
  dataDirectory: string;
  ownDirectory: string;
  /** How the database is known while nothing runs. */
  databaseSpec(): DatabaseSpec;
  setup: EnvironmentSetup;
  condition: Condition;
  journal: Journal;
  hub: ChannelHub;
  network: NetworkLog;
  egress: EnvironmentEgress;
  /** Somebody uses the environment. */
  touch(): void;
}

/** Starts, freezes and ends an environment, one after the other, and holds the run that goes on. */
export class EnvironmentLife {
  readonly #options: EnvironmentLifeOptions;
  readonly #mishaps: RunMishaps;
  readonly #steps: StartSteps;
  #run: Run | undefined;
  /** Both are for the first start alone. */
  #warmPod: WarmClaim | undefined;
  #foundPlan: FoundPlan | undefined;
  /** While what ran is ended for a start that follows. */
  #coming: PromiseWithResolvers<void> | undefined;
  #restarts = 0;
  /** Ends the wait for the turn to start. */
  #waiting: AbortController | undefined;
  #terminated: Promise<void> | undefined;
  /** Suspend, resume, restart and the like, one after the other. */
  #queue: Promise<void> = Promise.resolve();

  constructor(options: EnvironmentLifeOptions) {
    this.#options = options;
    const { record, parts, setup, condition, journal } = options;
    this.#warmPod = parts.warmPod;
    this.#foundPlan = parts.foundPlan;
    this.#steps = new StartSteps(() => journal.changed());
    this.#mishaps = new RunMishaps({
      record,
      journal,
      condition,
      run: () => this.#run,
      runtime: () => setup.runtime,
      start: () => this.start(),
      restart: () => this.#restart(),
      useOwnServer: (why) => this.switchProvider(parts.findProvider('devserver'), why),
    });
  }

  get run(): Run | undefined {
    return this.#run;
  }
  /** Those of the start that goes on, or of the last one. */
  get steps(): StartStep[] {
    return this.#steps.list();
  }
  /** Resolves when requests can be answered; at once when nothing is starting. */
  get servable(): Promise<void> {
    return this.#coming?.promise ?? this.#run?.servable ?? Promise.resolve();
  }
  /** How often what ran was given up for another start: what was asked of it before may be asked again. */
  get restarts(): number {
    return this.#restarts;
  }

  /** Starts everything. Resolves when it is up or known to have failed: the condition tells. Never rejects. */
  start(): Promise<void> {
    return this.#inTurn(() => this.#start());
  }

  /** Freezes the pod. Does nothing unless it runs. `why` goes into the event. */
  suspend(why?: string): Promise<void> {
    const { record, condition } = this.#options;
    return this.#inTurn(async () => {
      if (record.status !== 'running' || !this.#run?.pod) return;
      await this.#run.suspend();
      condition.become('suspended', why);
    });
  }

  /** Brings a suspended environment back, starting it anew where nothing of it runs. */
  resume(): Promise<void> {
    const { record, condition, parts, touch } = this.#options;
    return this.#inTurn(async () => {
      if (record.status !== 'suspended') return;
      touch();
      await parts.makeRoom();
      if (!this.#run?.pod) return this.#start();
      await this.#run.resume();
      condition.become('running');
    });
  }

  /**
   * Ends what runs and starts anew, as the configuration says by now; the database is kept. Rejects, with everything
   * as it was, where that cannot be read, or asks for a runtime or provider that is not to be had.
   */
  async restart(): Promise<void> {
    const { setup } = this.#options;
    await setup.readConfig();
    await setup.chooseAgain();
    await this.#restart();
  }

  /**
   * Tries again what failed, and only that; everything, where nothing of it was done, or the project or its
   * configuration is another by now.
   */
  async retry(): Promise<void> {
    const run = this.#run;
    const isOther = await this.#options.setup.readConfig();
    const isDone = !isOther && run?.canRetry && (await this.#retry(run));
    if (!isDone) await this.restart();
  }

  /** Shows the frontend with another provider from now on: what runs is started anew. */
  async switchProvider(provider: FrontendProvider, reason: string): Promise<void> {
    await this.#options.setup.useProvider(provider, reason);
    await this.#restart();
  }

  /** Ends what runs, keeping the record and the data. Also ends a start that is going on. */
  stop(): Promise<void> {
    this.#mishaps.cancel();
    this.#waiting?.abort();
    const ending = this.#run?.end();
    return this.#inTurn(async () => {
      await ending;
      await this.#run?.end();
      this.#run = undefined;
      this.#options.egress.close();
    });
  }

  /** Decides the end, for good: whatever a crash leaves undone is done at the next start. */
  async condemn(): Promise<void> {
    this.#options.record.status = 'stopped';
    await this.#options.journal.save();
  }

  /** Ends what runs and removes database, files and channels. Idempotent. */
  terminate(): Promise<void> {
    this.#terminated ??= this.#terminate();
    return this.#terminated;
  }

  /** Does something in its turn with the run that goes on, which is woken for it; with none where nothing runs. */
  whileAwake(work: (run: Run | undefined) => Promise<void>): Promise<void> {
    const { record, condition, touch } = this.#options;
    return this.#inTurn(async () => {
      touch();
      if (record.status === 'suspended' && this.#run) {
        await this.#run.resume();
        condition.become('running');
      }
      await work(this.#run?.isEnding ? undefined : this.#run);
    });
  }

  /** `coming`: what a restart has others wait for. */
  async #start(coming?: PromiseWithResolvers<void>): Promise<void> {
    const { record, condition, parts } = this.#options;
    if (record.status === 'stopped') return; // it is being terminated
    if (coming !== this.#coming) return; // a later restart does it
    await this.#run?.end();
    this.#steps.reset();
    const run = this.#createRun();
    this.#run = run;
    if (coming) void run.servable.then(coming.resolve);
    else condition.become('initializing');
    if (this.#coming === coming) this.#coming = undefined;
    const waiting = new AbortController();
    this.#waiting = waiting;
    await this.#come(run, () => parts.turns.run(() => run.start(), waiting.signal));
  }

  async #restart(): Promise<void> {
    const { record, condition, parts } = this.#options;
    if (record.status === 'stopped') return; // it is being terminated
    const coming = Promise.withResolvers<void>();
    this.#coming = coming;
    this.#restarts += 1;
    // From here on: what ends now takes no requests, and whoever asks waits for what follows.
    condition.become('initializing');
    try {
      await this.stop();
      await parts.makeRoom();
      await this.#inTurn(() => this.#start(coming));
    } catch (error) {
      condition.fail(toVitrineError(error));
      throw error;
    } finally {
      coming.resolve();
      if (this.#coming === coming) this.#coming = undefined;
    }
  }

  async #retry(run: Run): Promise<boolean> {
    let isDone = true;
    await this.#inTurn(async () => {
      if (run.isEnding || this.#run !== run) return;
      this.#options.touch();
      this.#options.condition.become('initializing');
      await this.#come(run, async () => {
        isDone = await run.retry();
      });
    });
    return isDone;
  }

  /** Waits for a start, and says how it came out. What a retry can go on from stays. */
  async #come(run: Run, start: () => Promise<void>): Promise<void> {
    const { condition } = this.#options;
    try {
      await start();
      if (run.isEnding) return;
      if (run.failure) condition.fail(run.failure);
      else condition.become('running');
    } catch (error) {
      if (run.isEnding) return;
      const failure = toVitrineError(error);
      this.#steps.fail(failure.message);
      if (!run.canRetry) await run.end();
      condition.fail(failure);
    }
  }

  #createRun(): Run {
    const { record, parts, setup, journal, hub, network, egress } = this.#options;
    const [warmPod, foundPlan] = [this.#warmPod, this.#foundPlan];
    this.#warmPod = undefined;
    this.#foundPlan = undefined;
    const run: Run = new Run({
      ...this.#mishaps.handlersFor(() => run),
      warmPod,
      foundPlan,
      record,
      parts: { ...parts, runtime: setup.runtime, provider: setup.provider },
      origin: this.#options.origin,
      dataDirectory: this.#options.dataDirectory,
      ownDirectory: this.#options.ownDirectory,
      database: this.#options.databaseSpec(),
      steps: this.#steps,
      hub,
      network,
      egress: { accept: (connection) => egress.accept(connection), env: egressEnv },
      log: (entry) => journal.log(entry),
      touch: () => this.#options.touch(),
      onEvent: (type, detail) => journal.event(type, detail),
      onBranch: (branch) => journal.branch(branch),
      installGate: (allowed) => egress.installGate(allowed),
    });
    return run;
  }

  async #terminate(): Promise<void> {
    const { record, parts, condition, hub, databaseSpec } = this.#options;
    const { dataDirectory, ownDirectory } = this.#options;
    await this.stop();
    await this.#warmPod?.release();
    await this.#inTurn(async () => {
      await parts.database.drop(databaseSpec());
      for (const path of [dataDirectory, ownDirectory, join(parts.paths.run, record.id)])
        await rm(path, { recursive: true, force: true });
      condition.become('stopped');
      hub.publish({ channel: 'state', data: { type: 'terminated' } });
    });
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#queue.then(work);
    this.#queue = turn.catch(() => undefined); // told to whoever asked for it
    return turn;
  }
}
