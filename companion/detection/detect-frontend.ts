import { stat } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import type { EnvironmentConfig } from '#shared/config/environment-config.ts';
import { VitrineError } from '#shared/errors.ts';
import { serverScript } from '../builder/devserver/find-command.ts';
import { OLDEST_VITE } from '../builder/oldest-vite.ts';
import { hasItsScripts } from '../builder/plain-site.ts';
import { findViteCall } from '../builder/vite-call.ts';
import { isInside } from '../worktrees/is-inside.ts';
import { needsCraServer } from './cra-server.ts';
import type { PackageDirectory } from './package-directories.ts';
import { dependsOn, type PackageJson, readPackageJson } from './package-json.ts';
import { serverFrameworkOf } from './server-frameworks.ts';
import { viteRoot } from './vite-root.ts';
import { findViteServer, viteMajor } from './vite-server.ts';

export interface DetectedFrontend {
  /** Absolute directory. */
  root: string;
  /** One sentence: what was seen and where. */
  reason: string;
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

/** Of several frontends that look alike, these are seldom the one that a task is about. */
const ASIDE = /(?:^|[-_])(?:docs?|storybook|e2e|examples?|playground|demo|landing|marketing)$/;
const CONFIG = ['ts', 'js', 'mts', 'mjs', 'cts', 'cjs'].map((extension) => `vite.config.${extension}`);
/** Where sites of plain files keep their page, when nothing else is found. */
const STATIC_PLACES = ['public', 'site', 'src', 'static', 'html', 'docs', 'dist', 'build', 'out', '_site'];

/**
 * A page in one of the usual places of a repository that has neither a frontend nor a backend; null where it lacks a part
 * and `mayBeMade` by a script.
 */
export async function detectStaticSite(
  worktree: string,
  mayBeMade: boolean,
): Promise<DetectedFrontend | null> {
  for (const name of STATIC_PLACES) {
    const root = join(worktree, name);
    if (!(await exists(join(root, 'index.html')))) continue;
    return mayBeMade && !hasItsScripts(root) ? null : { root, reason: `index.html in ${name}` };
  }
  return null;
}

/** Finds the frontend, or null when the project has none. The configuration's root wins. */
export async function detectFrontend(
  worktree: string,
  directories: PackageDirectory[],
  config: EnvironmentConfig['isolation'],
): Promise<DetectedFrontend | null> {
  if (config.frontend.root !== undefined) return configuredRoot(worktree, config.frontend.root);
  const scored = await Promise.all(
    directories.map(async (each) => ({ ...each, ...(await score(worktree, each)) })),
  );
  const best = scored.filter((each) => each.points > 0).sort((a, b) => b.points - a.points)[0];
  if (!best) return null;
  return {
    root: best.directory,
    reason: `${best.why} in ${relative(worktree, best.directory) || 'the worktree'}`,
  };
}

/** For a project of which nothing else is known: what its package.json starts may well show something. */
export function frontendByScript(worktree: string, directories: PackageDirectory[]): DetectedFrontend | null {
  for (const { directory, pkg } of directories) {
    const script = pkg && serverScript(pkg);
    if (!script) continue;
    const place = relative(worktree, directory) || 'the worktree';
    return { root: directory, reason: `script "${script[0]}" in ${place}` };
  }
  return null;
}

async function configuredRoot(worktree: string, configured: string): Promise<DetectedFrontend> {
  const root = resolve(worktree, configured);
  if (!isInside(worktree, root) || !(await exists(root))) {
    throw new VitrineError({
      code: 'FRONTEND_ROOT_MISSING',
      message: `isolation.frontend.root names "${configured}", which is not a directory of the worktree.`,
      remedy: 'Correct the path in .vibe-kanban/environment.yaml; it is relative to the worktree.',
      status: 422,
    });
  }
  return { root, reason: `isolation.frontend.root is ${configured}` };
}

async function score(
  worktree: string,
  { directory, pkg }: PackageDirectory,
): Promise<{ points: number; why: string }> {
  const found = await look({ directory, pkg });
  // The worktree itself is called after its task.
  return found.points > 0 && directory !== worktree && ASIDE.test(basename(directory))
    ? { ...found, points: found.points - 0.5 }
    : found;
}

async function look({ directory, pkg }: PackageDirectory): Promise<{ points: number; why: string }> {
  const framework = pkg && serverFrameworkOf(pkg);
  if (framework?.kind === 'renders') return { points: 4, why: framework.name };
  const hasPage = await hasIndexPage(directory, pkg);
  const usesVite = pkg !== null && framework === null && dependsOn(pkg, 'vite');
  if (usesVite && hasPage) return { points: 4, why: 'Vite and index.html' };
  const config = (await Promise.all(CONFIG.map((name) => exists(join(directory, name))))).indexOf(true);
  // Its page may be elsewhere, as `root` in the configuration has it.
  if (pkg && !framework && findViteCall(pkg.scripts) && (hasPage || config >= 0 || usesVite))
    return { points: 4, why: 'a script that starts Vite' };
  if (!pkg && hasPage && config >= 0) return { points: 4, why: `${CONFIG[config]} and index.html` };
  if (pkg && dependsOn(pkg, 'react-scripts')) return { points: 3, why: 'react-scripts' };
  if (framework) return { points: 3, why: framework.name };
  if (pkg && hasPage) return { points: 2, why: 'index.html beside package.json' };
  if (hasPage) return { points: 1, why: 'index.html' };
  return { points: 0, why: '' };
}

/** Where its Vite looks for one, by its script or its configuration, else beside its package.json. */
async function hasIndexPage(directory: string, pkg: PackageJson | null): Promise<boolean> {
  const called = pkg && findViteCall(pkg.scripts)?.root;
  const root = called ? resolve(directory, called) : await viteRoot(directory);
  return exists(join(root ?? directory, 'index.html'));
}

/** Why the default provider cannot run this frontend; null when it can. */
export async function needsOwnServer(worktree: string, root: string): Promise<string | null> {
  const pkg: PackageJson | null = await readPackageJson(worktree, root);
  if (!pkg) return null;
  const framework = serverFrameworkOf(pkg);
  if (framework?.kind === 'renders') return `${framework.name} renders on a server of its own`;
  if (framework) return `${framework.name} builds the app in a server of its own`;
  if (dependsOn(pkg, 'react-scripts')) return needsCraServer(root, pkg);
  const server = await findViteServer(root, pkg);
  if (server !== null) return `${server} serves the app with Vite inside`;
  const call = findViteCall(pkg.scripts);
  if (call?.before) return `script "${call.script}" runs ${call.before} before Vite`;
  const version = await viteMajor(pkg, [root, worktree]);
  if (version !== null && version < OLDEST_VITE) return `Vite ${version} is older than ${OLDEST_VITE}`;
  if (await hasIndexPage(root, pkg)) return null;
  if (dependsOn(pkg, 'vite')) return 'there is no index.html: what Vite serves here, its plugins make';
  const script = serverScript(pkg);
  return script && `there is no index.html: the script "${script[0]}" makes the pages`;
}
