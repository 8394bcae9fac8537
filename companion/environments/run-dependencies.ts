import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { VitrineError } from '#shared/errors.ts';
import { installPackages, removeAccess, removeUnfit } from '../dependencies/install.ts';
import { findPackageManager, isLockFile, type PackageManager } from '../dependencies/package-manager.ts';
import { PackageStores } from '../dependencies/package-stores.ts';
import { registryHosts } from '../dependencies/registries.ts';
import { registryAccess } from '../dependencies/registry-access.ts';
import { isInstallStale } from '../dependencies/stale.ts';
import type { ProjectPlan } from '../detection/detect-project.ts';
import { runsImagesOwn } from '../detection/service-plan.ts';
import { podOwner } from '../runtimes/ownership.ts';
import type { Mount } from '../runtimes/runtime.ts';
import { areMountsInTheWay, removeMountPoints } from './mount-points.ts';
import { findPodMounts, type PodMounts } from './pod-mounts.ts';
import type { RunContext } from './run-context.ts';

/** A manager writes its lock file first and the packages after it, or the other way round. */
const SETTLE_MS = 2_000;

/** The packages of one life of an environment: found, or installed. */
export class RunDependencies {
  readonly #context: RunContext;
  readonly #ending: AbortSignal;
  #managers: PackageManager[] = [];
  #mounts: readonly Mount[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(context: RunContext, ending: AbortSignal) {
    this.#context = context;
    this.#ending = ending;
  }

  /** What the pod has to see of them; installs what is nowhere. Throws DEPENDENCIES_MISSING and what installPackages does. */
  async provide(plan: ProjectPlan): Promise<PodMounts> {
    const { record, parts, steps } = this.#context;
    const { isolation } = await parts.runtime.probe(this.#ending);
    const store = await new PackageStores(parts.paths.packages).of(record.mainCheckout);
    this.#managers = await this.#managersOf(plan);
    await removeAccess(this.#installDirectory);
    const find = async () => {
      const { worktree, mainCheckout, provider } = record;
      const found = await findPodMounts({
        worktree,
        mainCheckout,
        provider,
        ownDirectory: this.#context.ownDirectory,
        plan,
        canMount: isolation.files === 'enforced',
      });
      this.#mounts = found.mounts;
      return found;
    };
    return steps.run(
      'dependencies',
      async () => {
        for (const manager of this.#managers) await removeUnfit(store, manager);
        const told: string[] = [];
        for (const manager of this.#managers) {
          const found = await find().catch(unlessInstallable(record.config.isolation.dependencies.install));
          if (found) return told.length > 0 ? { ...found, detail: told.join('; ') } : found;
          told.push(await this.#install(manager, store));
        }
        return { ...(await find()), detail: told.join('; ') };
      },
      ({ detail }) => detail,
    );
  }

  /** Calls back when a lock file changed and the sandbox does not see what it says. */
  filesChanged(paths: string[], onStale: () => void): void {
    if (!paths.some(isLockFile)) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(async () => {
      const stale = [...this.#managers.map(isInstallStale), areMountsInTheWay(this.#mounts)];
      if ((await Promise.all(stale)).includes(true) && !this.#ending.aborted) onStale();
    }, SETTLE_MS);
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  /** Removes what was made for mounts; to be called when the pod is gone. */
  async removePoints(): Promise<void> {
    await removeMountPoints(this.#mounts);
  }

  /** The environment's own sandbox does not see it: there are tokens in it for a while. */
  get #installDirectory(): string {
    return join(this.#context.ownDirectory, 'install');
  }

  async #managersOf({ frontend, services }: ProjectPlan): Promise<PackageManager[]> {
    const { worktree } = this.#context.record;
    const ofServices = services.filter((service) => !runsImagesOwn(service)).map(({ cwd }) => cwd);
    const directories = [...(frontend ? [frontend.root] : []), ...ofServices];
    const found = await Promise.all(directories.map((each) => findPackageManager(worktree, each)));
    return [...new Map(found.map((manager) => [manager.root, manager])).values()];
  }

  async #install(manager: PackageManager, store: string): Promise<string> {
    const { record, parts, steps, log, installGate } = this.#context;
    const directory = this.#installDirectory;
    await mkdir(directory, { recursive: true, mode: 0o700 });
    steps.tell('dependencies', `installing with ${manager.name}`);
    log({
      source: 'vitrine',
      level: 'info',
      text: `Installing the packages of ${manager.root} with ${manager.name}`,
    });
    return installPackages(
      {
        environmentId: record.id,
        worktree: record.worktree,
        manager,
        owner: await podOwner(record.worktree),
        runtime: parts.runtime,
        dataDirectory: directory,
        runDirectory: join(parts.paths.run, `${record.id}-install`),
        store,
        access: await registryAccess(manager, record),
        gate: installGate(await registryHosts(manager, record)),
        onLine: (text, stream) =>
          log({ source: 'server', service: 'install', level: stream === 'stderr' ? 'warn' : 'log', text }),
        onCount: ({ there, wanted }) =>
          steps.tell('dependencies', `installing with ${manager.name}`, { done: there, total: wanted }),
      },
      this.#ending,
    );
  }
}

/** Null for packages that are nowhere, where they may be installed. */
const unlessInstallable =
  (mayInstall: boolean) =>
  (error: unknown): null => {
    if (mayInstall && error instanceof VitrineError && error.code === 'DEPENDENCIES_MISSING') return null;
    throw error;
  };
