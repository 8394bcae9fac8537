import { isDeepStrictEqual } from 'node:util';
import type { EnvironmentConfig } from '#shared/config/environment-config.ts';
import type { FrontendProvider } from '../builder/frontend.ts';
import { readConfig } from '../config/read-config.ts';
import type { Runtime } from '../runtimes/runtime.ts';
import type { EnvironmentRecord } from '../storage/environment-record.ts';
import type { EnvironmentEgress } from './environment-egress.ts';
import type { EnvironmentParts } from './environment-parts.ts';
import type { Journal } from './journal.ts';

/** To ask engines whether they are there. */
const CHOOSE_DEADLINE_MS = 15_000;

export interface EnvironmentSetupOptions {
  record: EnvironmentRecord;
  parts: Pick<EnvironmentParts, 'runtime' | 'provider' | 'choose'>;
  egress: Pick<EnvironmentEgress, 'policyChanged'>;
  journal: Pick<Journal, 'log' | 'save' | 'saveAndTell'>;
}

/** How an environment is to be run: what its configuration says by now, and the runtime and provider that do it. */
export class EnvironmentSetup {
  readonly #options: EnvironmentSetupOptions;
  #runtime: Runtime;
  #provider: FrontendProvider;
  /** The configuration asks for another runtime or provider than it was made with. */
  #choosesAgain = false;

  constructor(options: EnvironmentSetupOptions) {
    this.#options = options;
    this.#runtime = options.parts.runtime;
    this.#provider = options.parts.provider;
  }

  get runtime(): Runtime {
    return this.#runtime;
  }
  get provider(): FrontendProvider {
    return this.#provider;
  }

  /** Takes over what its environment.yaml says now: egress at once, all else when somebody restarts it. */
  async useConfig(config: EnvironmentConfig): Promise<void> {
    const { record, egress, journal } = this.#options;
    const [before, after] = [record.config.isolation, config.isolation];
    this.#choosesAgain ||=
      before.backend.runtime !== after.backend.runtime || before.provider !== after.provider;
    const note = databaseNote(record, config);
    if (note) journal.log({ source: 'vitrine', level: 'warn', text: note });
    record.config = config;
    egress.policyChanged();
    await journal.saveAndTell();
  }

  /** Takes over what the worktree's environment.yaml says by now. Whether that is something else. Throws CONFIG_INVALID. */
  async readConfig(): Promise<boolean> {
    const { record } = this.#options;
    const config = await readConfig(record.worktree);
    if (isDeepStrictEqual(config, record.config)) return false;
    await this.useConfig(config);
    return true;
  }

  /** Chooses runtime and provider where the configuration asks for others. Throws where they are not to be had. */
  async chooseAgain(): Promise<void> {
    if (!this.#choosesAgain) return;
    const { record, parts, journal } = this.#options;
    const { config } = record;
    const deadline = AbortSignal.timeout(CHOOSE_DEADLINE_MS);
    const { runtime, provider, providerReason } = await parts.choose(record, config.isolation, deadline);
    this.#choosesAgain = false;
    Object.assign(record, { runtime: runtime.name, provider: provider.name, providerReason });
    this.#runtime = runtime;
    this.#provider = provider;
    await journal.save();
  }

  /** Another provider for the frontend, from the next start on. */
  async useProvider(provider: FrontendProvider, reason: string): Promise<void> {
    const { record, journal } = this.#options;
    record.provider = provider.name;
    record.providerReason = reason;
    this.#provider = provider;
    await journal.save();
  }
}

/** A database that is there is kept, whatever the configuration says by now: what to do for it to count. */
function databaseNote({ id, database, config }: EnvironmentRecord, next: EnvironmentConfig): string | null {
  const [before, after] = [config.isolation.backend.database, next.isolation.backend.database];
  if (after.engine !== undefined && after.engine !== database)
    return `The database stays ${database}: isolation.backend.database.engine counts when a preview is made. \`vitrine stop ${id}\`, then start it again.`;
  if (database === 'none' || isDeepStrictEqual(before.template, after.template)) return null;
  return `The database stays as it is: \`vitrine db reset ${id}\` makes it anew as isolation.backend.database.template says now.`;
}
