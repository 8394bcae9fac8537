import type { EnvironmentConfig } from '#shared/config/environment-config.ts';
import { VitrineError } from '#shared/errors.ts';
import type { DatabaseEngine } from '#shared/identifiers.ts';
import { type DetectedBackend, detectBackend } from './detect-backend.ts';
import { detectDatabase, isBackendToo } from './detect-database.ts';
import {
  type DetectedFrontend,
  detectFrontend,
  detectStaticSite,
  frontendByScript,
} from './detect-frontend.ts';
import { spokenOfEnv } from './env-files.ts';
import { envPort } from './env-port.ts';
import { type PackageDirectory, packageDirectories, shownInside } from './package-directories.ts';
import { readPackageJson } from './package-json.ts';
import { planServices } from './plan-services.ts';
import { runsImagesOwn, type ServicePlan } from './service-plan.ts';
import { readProxies } from './vite-proxies.ts';
import { findViteServer } from './vite-server.ts';
import { writtenPort } from './written-port.ts';

export interface ProjectPlan {
  frontend: DetectedFrontend | null;
  /** In the order in which they start. */
  services: ServicePlan[];
  /** Name of the service that takes requests no other's paths claim; null when none listens. */
  main: string | null;
  /** Path prefixes that always belong to one of the services. */
  backendPaths: string[];
  database: { engine: DatabaseEngine; reason: string };
  /** Keys of the configuration that say nothing, one sentence each. */
  notes: string[];
}

/**
 * What a worktree holds and how it is run: the configuration first, detection for the rest. Of the main checkout the
 * env files are asked, which git ignores.
 */
export async function detectProject(
  worktree: string,
  config: EnvironmentConfig['isolation'],
  mainCheckout = worktree,
): Promise<ProjectPlan> {
  const directories = await packageDirectories(worktree);
  let frontend = await detectFrontend(worktree, directories, config);
  const own = frontend;
  const proxied = readProxies(own?.root);
  let backend: DetectedBackend | null = null;
  const { services, main, notes } = await planServices({
    worktree,
    config,
    detect: async () => {
      const found = await detectBackend(worktree, directories);
      backend = found && own && (await isOneServer(found, own)) ? null : found;
      return backend;
    },
    defaultPaths: async () => ['/api', ...(await proxied).paths],
    wishedPort: async () => {
      const { port } = await proxied;
      if (port !== undefined || backend === null) return port;
      const place = { worktree, mainCheckout, root: backend.cwd, names: config.env_files };
      return envPort(await spokenOfEnv(place)) ?? writtenPort(backend);
    },
  });
  if (services.length === 0 && !frontend) {
    frontend = await detectFrontend(worktree, await shownInside(worktree, directories), config);
    const scripted = frontendByScript(worktree, directories);
    frontend ??= (await detectStaticSite(worktree, scripted !== null)) ?? scripted;
  }
  if (!frontend && services.length === 0) {
    throw new VitrineError({
      code: 'NOTHING_TO_PREVIEW',
      message: `Neither a frontend (index.html, or a script that starts a dev server) nor a backend (a server script) was found in ${worktree}.`,
      remedy:
        'Name them in .vibe-kanban/environment.yaml: isolation.frontend.root and isolation.backend.command.',
      status: 422,
    });
  }
  return {
    frontend,
    services,
    main,
    backendPaths: [...new Set(services.flatMap(({ paths }) => paths))],
    database: await planDatabase(config, services, frontend, directories),
    notes,
  };
}

/** Whether the backend is the server that shows the frontend, which the provider runs. */
async function isOneServer({ cwd, command }: DetectedBackend, { root }: DetectedFrontend): Promise<boolean> {
  const pkg = cwd === root ? await readPackageJson(root, root) : null;
  const server = pkg && (await findViteServer(root, pkg));
  return !!server && (command.includes(server) || Object.values(pkg.scripts).includes(command));
}

/** An image that is used as it is, such as redis: no part of the project that would want a database. */
const isReadyMade = (service: ServicePlan): boolean =>
  runsImagesOwn(service) && service.image !== undefined && 'name' in service.image;

async function planDatabase(
  { backend }: EnvironmentConfig['isolation'],
  services: ServicePlan[],
  frontend: DetectedFrontend | null,
  directories: PackageDirectory[],
): Promise<ProjectPlan['database']> {
  if (backend.database.engine)
    return { engine: backend.database.engine, reason: 'isolation.backend.database.engine' };
  const shown = directories.find(({ directory }) => directory === frontend?.root);
  const hasService = !services.every(isReadyMade);
  if (!hasService && !isBackendToo(shown?.pkg)) return { engine: 'none', reason: 'no backend' };
  const found = await detectDatabase(directories);
  if (found) return found;
  return hasService
    ? { engine: 'sqlite', reason: 'the default' }
    : { engine: 'none', reason: 'no client of a database was found' };
}
