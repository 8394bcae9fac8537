import type { EnvironmentConfig } from '#shared/config/environment-config.ts';
import { VitrineError } from '#shared/errors.ts';
import type { DatabaseEngine, ProviderName, RuntimeName } from '#shared/identifiers.ts';
import type { FrontendProvider } from '../builder/frontend.ts';
import type { DatabaseProvider } from '../databases/database.ts';
import { chooseProvider } from '../detection/choose-provider.ts';
import { detectProject, type ProjectPlan } from '../detection/detect-project.ts';
import type { Runtime } from '../runtimes/runtime.ts';
import { selectRuntime } from '../runtimes/select.ts';
import type { EnvironmentRecord } from '../storage/environment-record.ts';
import { userNodeVersion } from './services/node-version.ts';

/** What environments are made with. */
export interface EngineSet {
  runtimes: ReadonlyMap<RuntimeName, Runtime>;
  databases: ReadonlyMap<DatabaseEngine, DatabaseProvider>;
  providers: ReadonlyMap<ProviderName, FrontendProvider>;
}

export interface ChosenEngines {
  runtime: Runtime;
  database: DatabaseProvider;
  provider: FrontendProvider;
  providerReason: string;
  /** What they were chosen for. */
  plan: ProjectPlan;
}

/** Chooses runtime, database and provider for an attempt, and finds them again by name. */
export class Engines {
  readonly #set: EngineSet;

  constructor(set: EngineSet) {
    this.#set = set;
  }

  get runtimes(): Runtime[] {
    return [...this.#set.runtimes.values()];
  }

  /** Ends and removes what an earlier companion left behind. `known` are the environments there still are. */
  async sweep(known: ReadonlySet<string>): Promise<void> {
    await Promise.all([
      ...this.runtimes.map((runtime) => runtime.sweep()),
      ...[...this.#set.databases.values()].map((database) => database.sweep(known)),
    ]);
  }

  /** Does ahead what the first environment would wait for. Not being able to is told when it is needed. */
  async prepare(): Promise<void> {
    await Promise.allSettled([userNodeVersion(), ...this.runtimes.map((runtime) => runtime.prepare?.())]);
  }

  /** Stops what was started for all environments together. */
  async close(): Promise<void> {
    await Promise.all([...this.#set.databases.values()].map((database) => database.close()));
  }

  /** Throws what makes the attempt impossible to preview: nothing found, an engine that is not here. */
  async choose(
    { worktree, mainCheckout }: Pick<EnvironmentRecord, 'worktree' | 'mainCheckout'>,
    config: EnvironmentConfig['isolation'],
    signal: AbortSignal,
  ): Promise<ChosenEngines> {
    const plan = await detectProject(worktree, config, mainCheckout);
    const { name, reason } = await chooseProvider(worktree, config, plan);
    return {
      runtime: await selectRuntime(
        { preferred: config.backend.runtime, needsImages: plan.services.some(({ image }) => image) },
        this.#set.runtimes,
        signal,
      ),
      database: this.#find('database', this.#set.databases, plan.database.engine),
      provider: this.#find('provider', this.#set.providers, name),
      providerReason: reason,
      plan,
    };
  }

  /** A provider by name. Throws PROVIDER_UNAVAILABLE. */
  provider(name: ProviderName): FrontendProvider {
    return this.#find('provider', this.#set.providers, name);
  }

  /** The engines of an environment that exists. */
  of(record: EnvironmentRecord): Pick<ChosenEngines, 'runtime' | 'database' | 'provider'> {
    return {
      runtime: this.#find('runtime', this.#set.runtimes, record.runtime),
      database: this.#find('database', this.#set.databases, record.database),
      provider: this.#find('provider', this.#set.providers, record.provider),
    };
  }

  #find<K extends string, V>(kind: string, engines: ReadonlyMap<K, V>, name: K): V {
    const found = engines.get(name);
    if (!found) throw unavailable(kind, name, 'the configuration or the project asks for it');
    return found;
  }
}

function unavailable(kind: string, name: string, why: string): VitrineError {
  return new VitrineError({
    code: `${kind.toUpperCase()}_UNAVAILABLE`,
    message: `This version has no ${kind} "${name}", and ${why}.`,
    remedy: `Choose another in .vibe-kanban/environment.yaml; the README lists what works.`,
    status: 422,
  });
}
