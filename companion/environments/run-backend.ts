import type { Failure, ServiceState } from '#shared/api/environment.ts';
import type { CommandEnvironment, DatabaseSpec } from '../databases/database.ts';
import type { ProjectPlan } from '../detection/detect-project.ts';
import { frontendPort } from '../detection/frontend-port.ts';
import type { ServicePlan } from '../detection/service-plan.ts';
import { BackendProxy } from '../proxy/backend-proxy.ts';
import type { LimitEvent, Pod } from '../runtimes/runtime.ts';
import { podLimits } from './pod-limits.ts';
import { podPorts } from './pod-spec.ts';
import type { RunContext } from './run-context.ts';
import { isBackendSource, reloadsItself, runsWorktree } from './services/backend-sources.ts';
import { databaseCommandName, OWN_COMMAND, runDatabaseCommand } from './services/database-command.ts';
import { databaseUrl } from './services/database-url.ts';
import { type LaunchInput, launchOf } from './services/launch-services.ts';
import { LimitReports } from './services/limit-reports.ts';
import { ServiceTarget } from './services/service-target.ts';
import { Services } from './services/services.ts';

/** Several saves of one change restart a service once. */
const SERVICE_RESTART_DELAY_MS = 150;
/** A command for the database that nobody asked for may take this long. */
const OWN_COMMAND_DEADLINE_MS = 45_000;

/** The services of one life of an environment, the proxy that leads to them, and the commands for their database. */
export class RunBackend {
  readonly #context: RunContext;
  /** Aborted when the life ends. */
  readonly #ending: AbortSignal;
  readonly #limits: LimitReports;
  #plan: Pick<ProjectPlan, 'frontend'> = { frontend: null };
  readonly #toRestart = new Set<ServicePlan>();
  #services: Services | undefined;
  #target: ServiceTarget | undefined;
  #proxy: BackendProxy | undefined;
  #isStarted = false;
  #restartTimer: NodeJS.Timeout | undefined;

  constructor(context: RunContext, ending: AbortSignal) {
    this.#context = context;
    this.#ending = ending;
    this.#limits = new LimitReports(
      () => podLimits(context.record, this.#plan),
      ({ message, remedy }, { limit }) => {
        context.log({ source: 'vitrine', level: 'error', text: `${message}\n${remedy}` });
        context.onEvent?.(`limit_${limit}`, message);
      },
    );
  }

  /** Undefined until they are to start, and where none takes requests. */
  get proxy(): BackendProxy | undefined {
    return this.#proxy;
  }
  /** Undefined until they start. */
  get services(): Services | undefined {
    return this.#services;
  }
  get states(): ServiceState[] {
    return this.#services?.states ?? [];
  }
  /** Why a service does not run; undefined while all do or may. */
  get failure(): Failure | undefined {
    return this.#services?.failure;
  }

  /** The pod reached a limit. */
  noteLimit(event: LimitEvent): void {
    this.#limits.report(event);
  }

  /** Makes ready to start the services: from then on requests are taken, and wait for them. */
  async open(
    plan: ProjectPlan,
    pod: Pod,
    database: CommandEnvironment,
    isIdle: () => boolean,
    signal: AbortSignal,
  ): Promise<void> {
    const { record, steps, log, network } = this.#context;
    this.#plan = plan;
    if (this.#services) return;
    if (plan.services.length === 0) {
      steps.end('backend', 'skipped', 'no backend');
      return;
    }
    steps.begin('backend', plan.services.map(({ reason }) => reason).join(', '));
    const input = this.#launchInput(pod, database);
    const devPort = plan.frontend ? await frontendPort(plan.frontend.root) : undefined;
    const launches = await Promise.all(plan.services.map((service) => launchOf(service, input)));
    signal.throwIfAborted();
    const services = new Services(launches, {
      pod,
      limits: podLimits(record, plan),
      ports: podPorts(plan),
      isIdle,
      limitOf: (name) => this.#limits.endOf(name),
      onLine: ({ name }, text, stream) =>
        log({ source: 'server', service: name, level: stream === 'stderr' ? 'error' : 'log', text }),
      onState: (state) => this.#context.onServiceState(state),
    });
    this.#services = services;
    if (plan.main !== null) {
      this.#target = new ServiceTarget({ services, main: plan.main, pod });
      this.#proxy = new BackendProxy({
        target: this.#target,
        secret: record.secret,
        network,
        frontendPort: devPort,
      });
    }
  }

  /**
   * Starts the services; of those that were started before, only the ones that were given up. Resolves when all are
   * up or one was given up; rejects by the signal only.
   */
  async start(signal: AbortSignal): Promise<void> {
    const services = this.#services;
    if (!services) return;
    const { steps } = this.#context;
    if (!this.#isStarted) services.start();
    else if (services.failure) {
      steps.begin('backend');
      services.retry();
    } else return;
    this.#isStarted = true;
    await services.settled(signal);
    const { failure } = services;
    steps.end('backend', failure ? 'failed' : 'done', failure?.message);
  }

  /**
   * How the environment's database is known, its commands run in the pod that is coming.
   * Throws DATABASE_URL_INCOMPLETE.
   */
  databaseSpec(plan: ProjectPlan, coming: Promise<Pod>): DatabaseSpec {
    const { database } = this.#context;
    return {
      ...database,
      commandDirectory: this.#commandPlace(plan).cwd,
      mayRunOwnCommands: async () => (await coming).isolation.network === 'enforced',
      url: databaseUrl(this.#context.record.config.isolation.backend.database.url),
      runCommand: async (command, env, signal) =>
        this.#runCommand(plan, await coming, command, env, AbortSignal.any([signal, this.#ending])),
    };
  }

  /** Starts those services anew whose sources are among the files. */
  filesChanged(paths: string[], { services, frontend }: ProjectPlan): void {
    for (const service of services) {
      if (!runsWorktree(service)) continue;
      // One that was given up watches nothing any more.
      if (reloadsItself(service.command) && !this.#services?.isGivenUp(service)) continue;
      const isItsOwn = (path: string) => isBackendSource(path, service.cwd, frontend?.root ?? null);
      if (paths.some(isItsOwn)) this.#toRestart.add(service);
    }
    if (this.#toRestart.size === 0) return;
    clearTimeout(this.#restartTimer);
    this.#restartTimer = setTimeout(() => {
      const changed = new Set(this.#toRestart);
      this.#toRestart.clear();
      this.#services?.restart((service) => changed.has(service));
    }, SERVICE_RESTART_DELAY_MS);
  }

  /** Takes no requests any more. */
  refuse(): void {
    clearTimeout(this.#restartTimer);
    this.#target?.close();
    this.#proxy?.close();
  }

  /** Ends the services. */
  async close(): Promise<void> {
    await this.#services?.close();
  }

  /** Runs a template's command where the main service would run, with its variables. */
  async #runCommand(
    plan: ProjectPlan,
    pod: Pod,
    command: string,
    env: CommandEnvironment,
    signal: AbortSignal,
  ): Promise<void> {
    const { record, log } = this.#context;
    const { backend } = record.config.isolation;
    const place = this.#commandPlace(plan);
    const name = databaseCommandName(command, backend.database.template);
    const launch = await launchOf({ ...place, command }, this.#launchInput(pod, env));
    log({ source: 'vitrine', service: name, level: 'info', text: `Running ${command}` });
    await runDatabaseCommand(
      pod,
      {
        name,
        command: launch.command,
        cwd: place.cwd,
        env: launch.env({}),
        port: podPorts(plan).take(),
        image: place.image,
        ...(name === OWN_COMMAND && { deadlineMs: OWN_COMMAND_DEADLINE_MS }),
        onLine: (text, stream) =>
          log({ source: 'server', service: name, level: stream === 'stderr' ? 'error' : 'log', text }),
      },
      signal,
    );
  }

  /** Where the main service would run, with its variables. */
  #commandPlace(plan: ProjectPlan): Pick<ServicePlan, 'cwd' | 'image' | 'env'> {
    const { worktree, config } = this.#context.record;
    const cwd = plan.services.length === 0 ? (plan.frontend?.root ?? worktree) : worktree;
    const main = plan.services.find(({ name }) => name === plan.main);
    return { cwd, image: undefined, env: config.isolation.backend.env, ...main };
  }

  /** Variables that lead out of the pod and to the database. */
  ways(pod: Pod, database: CommandEnvironment): Pick<LaunchInput, 'database' | 'egress'> {
    const { parts, egress } = this.#context;
    const port = parts.database.outletPort === null ? null : pod.outletPort('database');
    return { database: database(port), egress: egress ? egress.env(pod.outletPort('egress')) : {} };
  }

  #launchInput(pod: Pod, database: CommandEnvironment): LaunchInput {
    const { record, origin } = this.#context;
    return { record, origin, ...this.ways(pod, database) };
  }
}
