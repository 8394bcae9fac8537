import { readdir, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { VitrineError } from '#shared/errors.ts';
import { isPlainSite } from '../builder/plain-site.ts';
import { findViteCall } from '../builder/vite-call.ts';
import type { Mount } from '../runtimes/runtime.ts';
import { isInside } from '../worktrees/is-inside.ts';
import { MAX_LOCK_FILE_BYTES, readText } from '../worktrees/read-text.ts';
import { dependsOn, type PackageJson, readPackageJson } from './package-json.ts';
import { serverFrameworkOf } from './server-frameworks.ts';
import { holdsPackages, packageDirectoriesOf, shareInPlace } from './shared-packages.ts';

const LOCK_FILES = [
  'package-lock.json',
  'pnpm-lock.yaml',
  'yarn.lock',
  'bun.lock',
  'bun.lockb',
  'npm-shrinkwrap.json',
];

export interface FoundDependencies {
  /** What the pod has to see beside the worktree, read-only. */
  mounts: Mount[];
  /** One sentence for the start-up view. */
  detail: string;
}

/**
 * Where the packages of a directory of the worktree come from: its own node_modules or one above it, else the
 * main checkout's when its lock file is the same. Those are shown to the pod in the directory above the worktree,
 * where Node looks last, so nothing is copied and nothing is written to the worktree; to a dev server, which looks in the
 * project only (Turbopack's root, Vite's `fs.allow`), or where packages lead to its own sources, in empty directories of the worktree that are there as long
 * as the pod. Throws DEPENDENCIES_MISSING.
 */
export async function findDependencies(
  worktree: string,
  mainCheckout: string,
  directory: string,
  canMount: boolean,
  hasOwnServer = false,
): Promise<FoundDependencies> {
  const wanted = await wantedBy(worktree, directory);
  if (wanted.length === 0) return { mounts: [], detail: 'none needed' };

  const own = await nearestNodeModules(directory);
  const loader = own ? null : await committedLoader(worktree, directory);
  if (loader) throw plugAndPlay(loader);
  if (own) {
    const isOutside = !isInside(worktree, own);
    return {
      mounts: isOutside ? [{ source: own }] : [],
      detail: isOutside ? `those of ${dirname(own)}` : 'the worktree’s own',
    };
  }

  const twin = join(mainCheckout, relative(worktree, directory));
  const shared = mainCheckout === worktree ? null : await nearestNodeModules(twin);
  if (shared && isInside(mainCheckout, shared)) {
    if (!(await sameLockFile(worktree, mainCheckout, directory))) {
      throw missing(directory, 'the main checkout’s were installed for another lock file');
    }
    if (!canMount) throw missing(directory, 'without a sandbox the main checkout’s cannot be shown to it');
    const all = [...new Set([shared, ...(await packageDirectoriesOf(mainCheckout))])];
    const isInPlace = hasOwnServer || (await shareInPlace(mainCheckout, all));
    return {
      mounts: isInPlace
        ? await placesIn(worktree, mainCheckout, all)
        : [{ source: shared }, { source: shared, target: join(dirname(worktree), 'node_modules') }],
      detail: 'the main checkout’s, shared read-only',
    };
  }
  throw missing(directory);
}

/** Each where it is in the main checkout, as far as the worktree has that place and nothing in it. */
async function placesIn(worktree: string, mainCheckout: string, all: string[]): Promise<Mount[]> {
  const mounts = await Promise.all(
    all.map(async (source): Promise<Mount[]> => {
      const target = join(worktree, relative(mainCheckout, source));
      const isFree = (await isDirectory(dirname(target))) && !(await holdsPackages(target));
      return isFree ? [{ source }, { source, target, makePoint: true }] : [];
    }),
  );
  return mounts.flat();
}

/** Who has one of these builds the page. */
const hasToolchain = (pkg: PackageJson | null): boolean =>
  pkg !== null && (dependsOn(pkg, 'vite', 'react-scripts') || serverFrameworkOf(pkg) !== null);

/** A page that a browser runs as it is, without a backend beside it that would need the packages. */
const isSiteAlone = (directory: string, pkg: PackageJson | null): boolean =>
  Object.keys(pkg?.dependencies ?? {}).length === 0 && isPlainSite(directory);

/** Names of the packages that a directory's own manifest asks for; a part of a repository may leave that to the one above. */
async function wantedBy(worktree: string, directory: string): Promise<string[]> {
  const pkg = await readPackageJson(worktree, directory);
  const own = Object.keys({ ...pkg?.dependencies, ...pkg?.devDependencies });
  // Its packages are tools that the page does without.
  if (own.length > 0 && !hasToolchain(pkg) && isSiteAlone(directory, pkg)) return [];
  if (own.length > 0 || directory === worktree || !isInside(worktree, directory)) return own;
  const names = await readdir(directory).catch(() => []);
  const isBuilt =
    names.some((name) => name.startsWith('vite.config.')) || (pkg !== null && !!findViteCall(pkg.scripts));
  return isBuilt ? wantedAbove(worktree, dirname(directory)) : [];
}

async function wantedAbove(worktree: string, directory: string): Promise<string[]> {
  const pkg = await readPackageJson(worktree, directory);
  const names = Object.keys({ ...pkg?.dependencies, ...pkg?.devDependencies });
  return names.length > 0 || directory === worktree ? names : wantedAbove(worktree, dirname(directory));
}

/** Yarn's Plug'n'Play, committed: an installation would remove it. */
async function committedLoader(worktree: string, directory: string): Promise<string | null> {
  for (let at = directory; isInside(worktree, at); at = dirname(at)) {
    const file = join(at, '.pnp.cjs');
    if (await stat(file).catch(() => null)) return file;
    if (at === worktree) return null;
  }
  return null;
}

async function nearestNodeModules(directory: string): Promise<string | null> {
  for (let at = directory; ; at = dirname(at)) {
    const candidate = join(at, 'node_modules');
    if (await holdsPackages(candidate)) return candidate;
    if (dirname(at) === at || at.split(sep).length <= 2) return null;
  }
}

/** The lock file nearest above the directory, in both; without any, its package.json is all there is to go by. */
async function sameLockFile(worktree: string, mainCheckout: string, directory: string): Promise<boolean> {
  const read = (path: string) => readText(path, { maxBytes: MAX_LOCK_FILE_BYTES }).catch(() => null);
  const isSame = async (name: string): Promise<boolean | null> => {
    const [here, there] = await Promise.all([
      read(join(directory, name)),
      read(join(mainCheckout, relative(worktree, directory), name)),
    ]);
    return here !== null || there !== null ? here === there : null;
  };
  for (const name of LOCK_FILES) {
    const answer = await isSame(name);
    if (answer !== null) return answer;
  }
  if (directory !== worktree && isInside(worktree, directory))
    return sameLockFile(worktree, mainCheckout, dirname(directory));
  return (await isSame('package.json')) ?? false;
}

const isDirectory = (path: string): Promise<boolean> =>
  stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );

function plugAndPlay(file: string): VitrineError {
  return new VitrineError({
    code: 'PLUG_AND_PLAY',
    message: `${file} has Yarn load packages from its cache (Plug’n’Play), which previews do not know.`,
    remedy:
      'Put `nodeLinker: node-modules` into .yarnrc.yml and run `yarn install`; or, on a branch of your own, remove .pnp.cjs: then a preview installs the packages itself.',
    status: 422,
  });
}

function missing(directory: string, why?: string): VitrineError {
  return new VitrineError({
    code: 'DEPENDENCIES_MISSING',
    message: `The packages of ${directory} are not installed${why ? `: ${why}` : ''}.`,
    remedy: `Run the project’s install command there (for example npm install), or in the main checkout when the lock file is the same; then start the preview again.`,
    status: 422,
  });
}
