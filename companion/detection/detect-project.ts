import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { BackendConfig, EnvironmentConfig } from '#shared/config/environment-config.ts';
import { VitrineError } from '#shared/errors.ts';
import type { DatabaseEngine } from '#shared/identifiers.ts';
import { isInside } from '../worktrees/confine-path.ts';
import { type DetectedBackend, detectBackend } from './detect-backend.ts';
import { type DetectedFrontend, detectFrontend } from './detect-frontend.ts';
import { packageDirectories } from './package-directories.ts';
import { dependsOn } from './package-json.ts';

/** One service to run, from the configuration or from what was found. */
export interface ServicePlan {
  name: string;
  command: string | string[];
  cwd: string;
  port: number;
  image?: string;
  env: Record<string, string>;
  health: BackendConfig['health'];
  reason: string;
}

export interface ProjectPlan {
  frontend: DetectedFrontend | null;
  backend: ServicePlan | null;
  /** Path prefixes that always belong to the backend. */
  backendPaths: string[];
  database: { engine: DatabaseEngine; reason: string };
}

/** What a worktree holds and how it is run: the configuration first, detection for the rest. */
export async function detectProject(
  worktree: string,
  config: EnvironmentConfig['isolation'],
): Promise<ProjectPlan> {
  const directories = await packageDirectories(worktree);
  const frontend = await detectFrontend(worktree, directories, config);
  const backend = await planBackend(worktree, config, () => detectBackend(worktree, directories));
  if (!frontend && !backend) {
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
    backend,
    backendPaths: config.backend.paths ?? ['/api', ...(frontend ? await proxiedPaths(frontend.root) : [])],
    database: planDatabase(config, backend, directories),
  };
}

async function planBackend(
  worktree: string,
  { backend, preview }: EnvironmentConfig['isolation'],
  detect: () => Promise<DetectedBackend | null>,
): Promise<ServicePlan | null> {
  const common = {
    name: 'backend',
    port: backend.port ?? preview.default_port,
    image: backend.image,
    env: backend.env,
    health: backend.health,
  };
  if (backend.command !== undefined) {
    const cwd = resolve(worktree, backend.directory ?? '.');
    if (!isInside(worktree, cwd)) {
      throw new VitrineError({
        code: 'BACKEND_DIRECTORY_OUTSIDE',
        message: `isolation.backend.directory names "${backend.directory}", which is outside the worktree.`,
        remedy: 'Give a directory relative to the worktree.',
        status: 422,
      });
    }
    return { ...common, command: backend.command, cwd, reason: 'isolation.backend.command' };
  }
  const found = await detect();
  return found && { ...common, command: found.command, cwd: found.cwd, reason: found.reason };
}

function planDatabase(
  { backend }: EnvironmentConfig['isolation'],
  service: ServicePlan | null,
  directories: Awaited<ReturnType<typeof packageDirectories>>,
): ProjectPlan['database'] {
  if (backend.database.engine)
    return { engine: backend.database.engine, reason: 'isolation.backend.database.engine' };
  if (!service) return { engine: 'none', reason: 'no backend' };
  const usesPostgres = directories.some(
    ({ pkg }) => pkg && dependsOn(pkg, 'pg', 'postgres', '@prisma/adapter-pg'),
  );
  const usesSqlite = directories.some(
    ({ pkg }) => pkg && dependsOn(pkg, 'sqlite3', 'better-sqlite3', '@libsql/client', 'sqlite'),
  );
  if (usesPostgres && !usesSqlite)
    return { engine: 'none', reason: 'a PostgreSQL client was found; name isolation.backend.database' };
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
