import { stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import type { EnvironmentConfig } from '#shared/config/environment-config.ts';
import { VitrineError } from '#shared/errors.ts';
import { isInside } from '../worktrees/confine-path.ts';
import type { PackageDirectory } from './package-directories.ts';
import { dependsOn, type PackageJson, readPackageJson } from './package-json.ts';

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

/** Frameworks that render on a server: their own dev server has to run. */
const SSR_PACKAGES = [
  'next',
  'nuxt',
  'astro',
  '@sveltejs/kit',
  '@remix-run/dev',
  '@react-router/dev',
  '@angular/core',
];

/** Bundlers that only their own dev server runs as the project has it. */
const OWN_BUNDLERS = ['@vue/cli-service', 'webpack-dev-server', 'parcel'];

const ownBundlerOf = (pkg: PackageJson) =>
  dependsOn(pkg, 'vite', 'react-scripts') ? undefined : OWN_BUNDLERS.find((name) => dependsOn(pkg, name));
const serverFrameworkOf = (pkg: PackageJson) => SSR_PACKAGES.find((name) => dependsOn(pkg, name));

/** Finds the frontend, or null when the project has none. The configuration's root wins. */
export async function detectFrontend(
  worktree: string,
  directories: PackageDirectory[],
  config: EnvironmentConfig['isolation'],
): Promise<DetectedFrontend | null> {
  if (config.frontend.root !== undefined) return configuredRoot(worktree, config.frontend.root);
  const scored = await Promise.all(directories.map(async (each) => ({ ...each, ...(await score(each)) })));
  const best = scored.filter((each) => each.points > 0).sort((a, b) => b.points - a.points)[0];
  if (!best) return null;
  return {
    root: best.directory,
    reason: `${best.why} in ${relative(worktree, best.directory) || 'the worktree'}`,
  };
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

async function score({ directory, pkg }: PackageDirectory): Promise<{ points: number; why: string }> {
  const framework = pkg && serverFrameworkOf(pkg);
  if (framework) return { points: 4, why: framework };
  const hasPage = await exists(join(directory, 'index.html'));
  if (pkg && dependsOn(pkg, 'vite') && hasPage) return { points: 4, why: 'Vite and index.html' };
  if (pkg && dependsOn(pkg, 'react-scripts')) return { points: 3, why: 'react-scripts' };
  const bundler = pkg && ownBundlerOf(pkg);
  if (bundler) return { points: 3, why: bundler };
  if (pkg && hasPage) return { points: 2, why: 'index.html beside package.json' };
  if (hasPage) return { points: 1, why: 'index.html' };
  return { points: 0, why: '' };
}

/** Why the default provider cannot run this frontend; null when it can. */
export async function needsOwnServer(worktree: string, root: string): Promise<string | null> {
  const pkg: PackageJson | null = await readPackageJson(worktree, root);
  const framework = pkg && serverFrameworkOf(pkg);
  if (framework) return `${framework} renders on a server of its own`;
  const bundler = pkg && ownBundlerOf(pkg);
  return bundler ? `${bundler} builds the app in a server of its own` : null;
}
