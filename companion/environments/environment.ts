import { join } from 'node:path';
import type { Environment as EnvironmentView, Failure } from '#shared/api/environment.ts';
import type { Frontend } from '../builder/frontend.ts';
import type { DatabaseSpec } from '../databases/database.ts';
import type { ProjectPlan } from '../detection/detect-project.ts';
import type { BackendProxy } from '../proxy/backend-proxy.ts';
import { NetworkLog } from '../proxy/network-log.ts';
import { ChannelHub } from '../realtime/channel-hub.ts';
import { previewOrigin } from '../security/origins.ts';
import type { EnvironmentRecord } from '../storage/environment-record.ts';
import { Activity } from './activity.ts';
import { Condition } from './condition.ts';
import { databaseSpec } from './database-work.ts';
import { EnvironmentDatabase } from './environment-database.ts';
import { EnvironmentEgress } from './environment-egress.ts';
import { EnvironmentLife } from './environment-life.ts';
import type { EnvironmentParts } from './environment-parts.ts';
import { EnvironmentSetup } from './environment-setup.ts';
import { EnvironmentUsage } from './environment-usage.ts';
import { environmentView } from './environment-view.ts';
import { Journal } from './journal.ts';
import { PreviewStateKeeper } from './preview-state.ts';

/** One attempt's live preview: its record and its channels, and what can be done with it. */
export class Environment {
  readonly record: EnvironmentRecord;
  readonly previewState = new PreviewStateKeeper();
  readonly hub = new ChannelHub((event) => {
    this.previewState.take(event);
    this.#parts.onPublish(this.id, event);
  });
  readonly network = new NetworkLog((request) =>
    this.hub.publish({ channel: 'logs', data: { type: 'network', request } }),
  );
  readonly activity: Activity;
  readonly journal: Journal;
  readonly egress: EnvironmentEgress;
  /** Its configuration, runtime and provider. */
  readonly setup: EnvironmentSetup;
  /** Its starts and ends. */
  readonly life: EnvironmentLife;
  readonly database: EnvironmentDatabase;
  readonly usage: EnvironmentUsage;
  readonly #parts: EnvironmentParts;
  readonly #condition: Condition;

  constructor(record: EnvironmentRecord, parts: EnvironmentParts) {
    this.record = record;
    this.#parts = parts;
    this.activity = new Activity(record);
    const { hub, network } = this;
    const journal = new Journal({
      record,
      registry: parts.registry,
      hub,
      view: () => this.view(),
      onChange: parts.onChange,
    });
    this.journal = journal;
    const egress = new EnvironmentEgress({
      record,
      log: network,
      port: parts.port,
      save: () => journal.saveAndTell(),
    });
    this.egress = egress;
    this.setup = new EnvironmentSetup({ record, parts, egress, journal });
    this.#condition = new Condition(journal);
    const touch = () => this.touch();
    const spec = () => this.#databaseSpec;
    this.life = new EnvironmentLife({
      record,
      parts,
      origin: this.origin,
      dataDirectory: this.#dataDirectory,
      ownDirectory: join(parts.paths.own, record.id),
      databaseSpec: spec,
      setup: this.setup,
      condition: this.#condition,
      journal,
      hub,
      network,
      egress,
      touch,
    });
    this.database = new EnvironmentDatabase({
      provider: parts.database,
      spec,
      journal,
      life: this.life,
      touch,
    });
    this.usage = new EnvironmentUsage({
      network,
      hub,
      pod: () => this.life.run?.pod,
      isRunning: () => record.status === 'running',
    });
  }

  get id(): string {
    return this.record.id;
  }
  get origin(): string {
    return previewOrigin(this.id, this.#parts.port);
  }
  get plan(): ProjectPlan | undefined {
    return this.life.run?.plan;
  }
  get frontend(): Frontend | undefined {
    return this.life.run?.frontend;
  }
  get backendProxy(): BackendProxy | undefined {
    return this.life.run?.backendProxy;
  }
  get failure(): Failure | undefined {
    return this.#condition.failure;
  }

  /** Whether somebody has it open, be it in a workbench or a tab. */
  get isWatched(): boolean {
    return this.activity.isOpen || this.hub.subscriberCount > 0 || (this.frontend?.pages ?? 0) > 0;
  }

  /** What the API and the channels show. */
  view(): EnvironmentView {
    const { record, origin, failure } = this;
    const { run, steps } = this.life;
    return environmentView({ record, origin, run, steps, failure });
  }

  /** Somebody uses it. */
  touch(): void {
    this.activity.touch();
    this.life.run?.wake();
  }

  /** Somebody says whether it was useful; null takes that back. */
  async judge(useful: boolean | null): Promise<void> {
    if (useful === null) delete this.record.useful;
    else this.record.useful = useful;
    await this.#parts.registry.measurements.judge(this.id, useful);
    await this.journal.saveAndTell();
  }

  get #dataDirectory(): string {
    return join(this.#parts.paths.environments, this.id);
  }

  get #databaseSpec(): DatabaseSpec {
    return databaseSpec(this.record, this.#dataDirectory);
  }
}
