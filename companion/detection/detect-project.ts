import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EnvironmentConfig } from '#shared/config/environment-config.ts';
import { VitrineError } from '#shared/errors.ts';
import type { DatabaseEngine } from '#shared/identifiers.ts';
import { detectBackend } from './detect-backend.ts';
import { type DetectedFrontend, detectFrontend } from './detect-frontend.ts';
import { packageDirectories } from './package-directories.ts';
import { dependsOn } from './package-json.ts';
import { planServices } from './plan-services.ts';
import { runsImagesOwn, type ServicePlan } from './service-plan.ts';

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

/** What a worktree holds and how it is run: the configuration first, detection for the rest. */
export async function detectProject(
  worktree: string,
  config: EnvironmentConfig['isolation'],
): Promise<ProjectPlan> {
  const directories = await packageDirectories(worktree);
  const frontend = await detectFrontend(worktree, directories, config);
  const { services, main, notes } = await planServices({
    worktree,
    config,
    detect: () => detectBackend(worktree, directories),
    defaultPaths: async () => ['/api', ...(frontend ? await proxiedPaths(frontend.root) : [])],
  });
  if (!frontend && services.length === 0) {
    throw new VitrineError({
      code: 'NOTHING_TO_PREVIEW',
      message: `Neither a frontend (index.html) nor a backend (a server script) was found in ${worktree}.`,
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
    database: planDatabase(config, services, directories),
    notes,
  };
}

/** An image that is used as it is, such as redis: no part of the project that would want a database. */
const isReadyMade = (service: ServicePlan): boolean =>
  runsImagesOwn(service) && service.image !== undefined && 'name' in service.image;

function planDatabase(
  { backend }: EnvironmentConfig['isolation'],
  services: ServicePlan[],
  directories: Awaited<ReturnType<typeof packageDirectories>>,
): ProjectPlan['database'] {
  if (backend.database.engine)
    return { engine: backend.database.engine, reason: 'isolation.backend.database.engine' };
  if (services.every(isReadyMade)) return { engine: 'none', reason: 'no backend' };
  const usesPostgres = directories.some(
    ({ pkg }) => pkg && dependsOn(pkg, 'pg', 'postgres', '@prisma/adapter-pg'),
  );
  const usesSqlite = directories.some(
    ({ pkg }) => pkg && dependsOn(pkg, 'sqlite3', 'better-sqlite3', '@libsql/client', 'sqlite'),
  );
  if (usesPostgres && !usesSqlite) return { engine: 'postgres', reason: 'a PostgreSQL client was found' };
  return { engine: 'sqlite', reason: usesSqlite ? 'an SQLite client was found' : 'the default' };
}

/** Path keys of `server.proxy` in the Vite configuration, read as text: running it is the builder's affair. */
async function proxiedPaths(root: string): Promise<string[]> {
  for (const extension of ['ts', 'js', 'mts', 'mjs', 'cts', 'cjs']) {
    const text = await readFile(join(root, `vite.config.${extension}`), 'utf8').catch(() => null);
    if (text === null) continue;
    const proxy = /\bproxy\s*:\s*\{/.exec(text);
    if (!proxy) return [];
    const body = text.slice(proxy.index, proxy.index + 4_000);
    return [...body.matchAll(/['"`](\/[\w/.-]+)['"`]\s*:/g)].flatMap((match) =>
      match[1] === '/api' ? [] : [match[1] ?? ''],
    );
  }
  return [];
}
