import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { VitrineError } from '#shared/errors.ts';
import type { Mount } from '../runtimes/runtime.ts';
import { isInside } from '../worktrees/confine-path.ts';
import { readPackageJson } from './package-json.ts';

const LOCK_FILES = ['package-lock.json', 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock', 'npm-shrinkwrap.json'];

export interface FoundDependencies {
  /** What the pod has to see beside the worktree, read-only. */
  mounts: Mount[];
  /** One sentence for the start-up view. */
  detail: string;
}

/** Their bundlers see nothing that is outside the project (for Next: Turbopack's root). */
const LOOK_INSIDE_ONLY = ['next'];

/** Tools keep caches in a node_modules of their own making (`.vite`): that alone is no installation. */
const holdsPackages = (path: string) =>
  readdir(path).then(
    (names) => names.some((name) => !name.startsWith('.') || name === '.pnpm'),
    () => false,
  );

/**
 * Where the packages of a directory of the worktree come from: its own node_modules or one above it, else the
 * main checkout's when its lock file is the same. That one is shown to the pod in the directory above the
 * worktree, where Node looks last, so nothing is copied and nothing is written to the worktree; for a project whose
 * bundler would not look there, in an empty directory of the worktree that is there as long as the pod.
 * Throws DEPENDENCIES_MISSING.
 */
export async function findDependencies(
  worktree: string,
  mainCheckout: string,
  directory: string,
  canMount: boolean,
): Promise<FoundDependencies> {
  const pkg = await readPackageJson(worktree, directory);
  const wanted = Object.keys({ ...pkg?.dependencies, ...pkg?.devDependencies });
  if (wanted.length === 0) return { mounts: [], detail: 'none needed' };

  const own = await nearestNodeModules(directory);
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
    if (!(await sameLockFile(worktree, mainCheckout))) {
      throw missing(directory, 'the main checkout’s were installed for another lock file');
    }
    if (!canMount) throw missing(directory, 'without a sandbox the main checkout’s cannot be shown to it');
    const place = wanted.some((name) => LOOK_INSIDE_ONLY.includes(name))
      ? { target: join(worktree, relative(mainCheckout, shared)), makePoint: true }
      : { target: join(dirname(worktree), 'node_modules') };
    return {
      mounts: [{ source: shared }, { source: shared, ...place }],
      detail: 'the main checkout’s, shared read-only',
    };
  }
  throw missing(directory);
}

async function nearestNodeModules(directory: string): Promise<string | null> {
  for (let at = directory; ; at = dirname(at)) {
    const candidate = join(at, 'node_modules');
    if (await holdsPackages(candidate)) return candidate;
    if (dirname(at) === at || at.split(sep).length <= 2) return null;
  }
}

async function sameLockFile(worktree: string, mainCheckout: string): Promise<boolean> {
  const read = (path: string) => readFile(path).catch(() => null);
  for (const name of LOCK_FILES) {
    const [here, there] = await Promise.all([read(join(worktree, name)), read(join(mainCheckout, name))]);
    if (here && there) return here.equals(there);
    if (here || there) return false;
  }
  // No lock file on either side: the package.json is all there is to go by.
  const [here, there] = await Promise.all([
    read(join(worktree, 'package.json')),
    read(join(mainCheckout, 'package.json')),
  ]);
  return !!here && !!there && here.equals(there);
}

function missing(directory: string, why?: string): VitrineError {
  return new VitrineError({
    code: 'DEPENDENCIES_MISSING',
    message: `The packages of ${directory} are not installed${why ? `: ${why}` : ''}.`,
    remedy: `Run the project’s install command there (for example npm install), or in the main checkout when the lock file is the same; then start the preview again.`,
    status: 422,
  });
}
