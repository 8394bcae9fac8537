import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type {
  EnvironmentStatus,
  Environment as EnvironmentView,
  Failure,
  Isolation,
  ServiceState,
} from '#shared/api/environment.ts';
import { toVitrineError } from '#shared/errors.ts';
import { type ConsoleEntry, MAX_ENTRY_LENGTH } from '#shared/realtime/console-entry.ts';
import type { Frontend, FrontendProvider } from '../builder/frontend.ts';
import type { DatabaseProvider, DatabaseSpec } from '../databases/database.ts';
import type { ProjectPlan } from '../detection/detect-project.ts';
import type { BackendProxy } from '../proxy/backend-proxy.ts';
import { NetworkLog } from '../proxy/network-log.ts';
import { ChannelHub } from '../realtime/channel-hub.ts';
import type { Runtime } from '../runtimes/runtime.ts';
import { previewOrigin } from '../security/origins.ts';
import type { EnvironmentRecord } from '../storage/environment-record.ts';
import type { Registry } from '../storage/registry.ts';
import type { StatePaths } from '../storage/state-directory.ts';
import { Run } from './run.ts';
import { SANDBOX_ENDED, worktreeRemoved } from './run-failures.ts';
import { StartSteps } from './start-steps.ts';

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

/** One attempt's live preview: its record, its channels, and the run that is going on. */
export class Environment {
  readonly record: EnvironmentRecord;
  readonly hub = new ChannelHub();
  readonly network = new NetworkLog((request) =>
    this.hub.publish({ channel: 'logs', data: { type: 'network', request } }),
  );
  readonly #parts: EnvironmentParts;
  readonly #steps = new StartSteps(() => this.#changed());
  #run: Run | undefined;
  #failure: Failure | undefined;
  #changeScheduled = false;
  /** Suspend, resume, restart and the like, one after the other. */
  #queue: Promise<void> = Promise.resolve();

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

  /** Whether somebody has it open, be it in a workbench or a tab. */
  get isWatched(): boolean {
    return this.hub.subscriberCount > 0 || (this.frontend?.pages ?? 0) > 0;
  }

  /** What the API and the channels show. */
  view(): EnvironmentView {
    const { secret, cookie, config, mainCheckout, template, allowedHosts, ...shown } = this.record;
    return {
      ...shown,
      isolation: this.#run?.pod?.isolation ?? NOT_ISOLATED,
      services: this.#run?.backend ? [this.#run.backend.state] : [],
      steps: this.#steps.list(),
      failure: this.#failure,
      origin: this.origin,
      backendUrl: this.origin,
      sandboxAttributes: config.isolation.security.sandbox_attributes,
      egress: {
        policy: config.isolation.backend.egress,
        allowed: [...config.isolation.backend.allow, ...allowedHosts],
      },
    };
  }

  /** Tells the channels what it looks like now. */
  tellState(): void {
    this.hub.publish({ channel: 'state', data: { type: 'environment', environment: this.view() } });
  }

  /** Somebody uses it. */
  touch(): void {
    this.record.lastUsedAt = Date.now();
  }

  /** Starts everything. Resolves when it is up or known to have failed: `view()` tells. Never rejects. */
  start(): Promise<void> {
    return this.#inTurn(() => this.#start());
  }

  /** Freezes the pod. Does nothing unless it runs. */
  suspend(): Promise<void> {
    return this.#inTurn(async () => {
      const pod = this.#run?.pod;
      if (this.record.status !== 'running' || !pod) return;
      await pod.suspend();
      this.#setStatus('suspended');
    });
  }

  /** Brings a suspended environment back, starting it anew where nothing of it runs. */
  resume(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.record.status !== 'suspended') return;
      this.touch();
      const pod = this.#run?.pod;
      if (!pod) return this.#start();
      await pod.resume();
      this.#setStatus('running');
    });
  }

  /** Ends what runs and starts anew; the database is kept. */
  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** Ends what runs, keeping the record and the data. Also ends a start that is going on. */
  stop(): Promise<void> {
    const ending = this.#run?.end();
    return this.#inTurn(async () => {
      await ending;
      await this.#run?.end();
      this.#run = undefined;
    });
  }

  /** Ends what runs and removes database, files and channels. */
  async terminate(): Promise<void> {
    await this.stop();
    await this.#inTurn(async () => {
      await this.#parts.database.drop(this.#databaseSpec());
      await rm(this.#dataDirectory, { recursive: true, force: true });
      await rm(join(this.#parts.paths.run, this.id), { recursive: true, force: true });
      this.#setStatus('stopped');
      this.hub.publish({ channel: 'state', data: { type: 'terminated' } });
    });
  }

  /** One line for the environment's console. */
  log(entry: Omit<ConsoleEntry, 'at'>): void {
    const isLong = entry.text.length > MAX_ENTRY_LENGTH;
    const text = isLong ? `${entry.text.slice(0, MAX_ENTRY_LENGTH)} … (cut)` : entry.text;
    this.hub.publish({
      channel: 'logs',
      data: { type: 'console', entry: { ...entry, text, at: Date.now() } },
    });
  }

  async #start(): Promise<void> {
    await this.#run?.end();
    this.#failure = undefined;
    this.#steps.reset();
    const run = this.#createRun();
    this.#run = run;
    this.#setStatus('initializing');
    try {
      await run.start();
      if (run.isEnding) return;
      const failed = run.backend?.state.status === 'failed' ? run.backend.state.failure : undefined;
      if (failed) this.#fail(failed);
      else this.#setStatus('running');
    } catch (error) {
      if (run.isEnding) return;
      const failure = toVitrineError(error);
      this.#steps.fail(failure.message);
      await run.end();
      this.#fail(failure);
    }
  }

  #createRun(): Run {
    const run: Run = new Run({
      record: this.record,
      parts: this.#parts,
      origin: this.origin,
      dataDirectory: this.#dataDirectory,
      database: this.#databaseSpec(),
      steps: this.#steps,
      hub: this.hub,
      network: this.network,
      log: (entry) => this.log(entry),
      touch: () => this.touch(),
      onServiceState: (state) => this.#serviceChanged(state),
      onPodGone: () => void this.#lost(run, SANDBOX_ENDED),
      onWorktreeRemoved: () => void this.#lost(run, worktreeRemoved(this.record.worktree)),
    });
    return run;
  }

  #serviceChanged({ status, failure }: ServiceState): void {
    if (status !== 'starting') this.#event(`service_${status}`, failure?.message);
    if (failure)
      this.log({ source: 'vitrine', level: 'error', text: `${failure.message} ${failure.remedy}` });
    if (this.record.status === 'running' && status === 'failed' && failure) this.#fail(failure);
    if (this.record.status === 'failed' && status === 'running') {
      this.#failure = undefined;
      this.#setStatus('running');
    }
    this.#changed();
  }

  /** What the run stands on is gone: the rest of it ends too. */
  async #lost(run: Run, failure: Failure): Promise<void> {
    await run.end();
    if (this.#run === run) this.#fail(failure);
  }

  #fail(failure: Failure): void {
    const { code, message, remedy } = failure;
    this.#failure = { code, message, remedy };
    this.#setStatus('failed', message);
  }

  #setStatus(status: EnvironmentStatus, detail?: string): void {
    this.record.status = status;
    this.#event(status, detail);
    if (status !== 'stopped') this.#parts.registry.saveEnvironment(this.record).catch(reportStorage);
    this.#changed();
  }

  #event(type: string, detail?: string): void {
    this.#parts.registry.recordEvent(this.id, type, detail).catch(reportStorage);
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

  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#queue.then(work);
    this.#queue = turn.catch(() => undefined); // told to whoever asked for it
    return turn;
  }

  get #dataDirectory(): string {
    return join(this.#parts.paths.environments, this.id);
  }

  #databaseSpec(): DatabaseSpec {
    const { worktree, mainCheckout, config } = this.record;
    return {
      environmentId: this.id,
      dataDirectory: this.#dataDirectory,
      worktree,
      mainCheckout,
      template: config.isolation.backend.database.template,
      url: config.isolation.backend.database.url,
      runCommand: () => Promise.reject(new Error('Commands cannot be run yet')),
    };
  }
}

const NOT_ISOLATED: Isolation = {
  network: 'none',
  files: 'none',
  processes: 'none',
  memory: 'none',
  cpu: 'none',
  disk: 'none',
  pids: 'none',
};

function reportStorage(error: unknown): void {
  console.error('The registry could not be written:', error);
}
