import { BackendPages } from '../builder/backend-pages.ts';
import type { Frontend } from '../builder/frontend.ts';
import type { CommandEnvironment } from '../databases/database.ts';
import type { ProjectPlan } from '../detection/detect-project.ts';
import { inheritedEnv, spokenOfEnv } from '../detection/env-files.ts';
import type { Pod } from '../runtimes/runtime.ts';
import type { RunBackend } from './run-backend.ts';
import type { RunContext } from './run-context.ts';
import { ownServer, ownServerPath } from './services/own-server.ts';
import { appEnv } from './services/service-env.ts';

const STEPS = ['build', 'paint'] as const;

/** What runs the frontend in one life of an environment. */
export class RunFrontend {
  readonly #context: RunContext;
  readonly #backend: RunBackend;
  /** Absolute directory for the builder's caches. */
  readonly #cacheDirectory: string;
  #current: Frontend | undefined;
  /** There is none in this project. */
  #isNone = false;
  #prepared: Promise<Prepared> | undefined;

  constructor(context: RunContext, backend: RunBackend, cacheDirectory: string) {
    this.#context = context;
    this.#backend = backend;
    this.#cacheDirectory = cacheDirectory;
  }

  /** Undefined until requests can be answered, and where there is none. */
  get current(): Frontend | undefined {
    return this.#current;
  }

  /** Whether nothing is left to be started. */
  get isUp(): boolean {
    const { steps } = this.#context;
    return this.#isNone || (this.#current !== undefined && !STEPS.some((step) => steps.hasFailed(step)));
  }

  /** Finds out what needs no sandbox, while that is made. */
  prepare({ frontend }: ProjectPlan): void {
    this.#prepared = frontend ? prepare(this.#context.record, frontend.root) : undefined;
    this.#prepared?.catch(() => undefined); // told by start()
  }

  /** Starts it, in place of one that failed. Rejects with a VitrineError for what cannot work; its step says so, too. */
  async start(plan: ProjectPlan, pod: Pod, database: CommandEnvironment, signal: AbortSignal): Promise<void> {
    const { steps } = this.#context;
    this.#isNone = plan.frontend === null;
    if (plan.frontend === null) {
      await this.close();
      const { hub, network } = this.#context;
      this.#current = new BackendPages({ emit: (event) => hub.publish(event), network });
      for (const step of STEPS) steps.end(step, 'skipped', 'no frontend');
      return;
    }
    await this.close();
    for (const step of STEPS) steps.forget(step);
    steps.begin('build');
    try {
      this.#current = await this.#start(plan.frontend.root, plan, pod, database, signal);
    } catch (error) {
      steps.end('build', 'failed', (error as Error).message);
      throw error;
    }
  }

  async close(): Promise<void> {
    const current = this.#current;
    this.#current = undefined;
    await current?.close();
  }

  async #start(
    root: string,
    plan: ProjectPlan,
    pod: Pod,
    database: CommandEnvironment,
    signal: AbortSignal,
  ): Promise<Frontend> {
    const { record, parts, steps, hub, origin } = this.#context;
    const { frontend } = record.config.isolation;
    const { inherited, spokenOf, path } = await (this.#prepared ?? prepare(record, root));
    this.#prepared = undefined; // what it says is old at the next start
    const server = ownServer({
      record,
      path,
      origin,
      inherited,
      spokenOf,
      ...this.#backend.ways(pod, database),
      takenPorts: plan.services.flatMap(({ port }) => port ?? []),
      hasBackend: plan.main !== null,
      backendPort: plan.services.find(({ name }) => name === plan.main)?.port ?? undefined,
    });
    return parts.provider.start(
      {
        environmentId: record.id,
        pod,
        worktree: record.worktree,
        root,
        cacheDirectory: this.#cacheDirectory,
        ownDirectory: this.#context.ownDirectory,
        inheritedEnv: inherited,
        appEnv: appEnv(origin, frontend.env),
        wayOut: this.#backend.ways(pod, database).egress,
        hotReload: frontend.hot_reload,
        server,
        network: this.#context.network,
        emit: (event) => hub.publish(event),
        onUnfit: (reason) => this.#context.onUnfit?.(reason),
        onStep: (step, status, detail) => {
          if (steps.isOver(step)) return; // a later build, or another tab's paint
          if (status === 'active') steps.begin(step, detail);
          else steps.end(step, status, detail);
        },
      },
      signal,
    );
  }
}

interface Prepared {
  /** Variables of the main checkout's env files. */
  inherited: Record<string, string>;
  /** All variables that the project's env files speak of. */
  spokenOf: Record<string, string>;
  /** Where a command of the project's finds programs. */
  path: string[];
}

async function prepare(record: RunContext['record'], root: string): Promise<Prepared> {
  const names = record.config.isolation.env_files;
  const place = { ...record, root, names };
  const [inherited, spokenOf, path] = await Promise.all([
    inheritedEnv(place),
    spokenOfEnv(place),
    ownServerPath(record, root),
  ]);
  return { inherited, spokenOf, path };
}
