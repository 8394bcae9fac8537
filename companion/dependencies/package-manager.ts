import { dirname, join } from 'node:path';
import { z } from 'zod';
import { isInside } from '../worktrees/is-inside.ts';
import { MAX_LOCK_FILE_BYTES, readText } from '../worktrees/read-text.ts';

export type ManagerName = 'npm' | 'pnpm' | 'yarn' | 'bun';

/** What a project's packages are installed with, and where. */
export interface PackageManager {
  name: ManagerName;
  /** Yarn 2 and later: other options, other files. */
  isBerry: boolean;
  /** Where it is run: the directory of the lock file, or of the topmost package.json. */
  root: string;
  /** Null when there is none. */
  lockFile: string | null;
  /** The version that package.json names. */
  version: string | null;
}

const LOCK_FILES: [string, ManagerName][] = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
  ['npm-shrinkwrap.json', 'npm'],
  ['package-lock.json', 'npm'],
];
/** What each writes last: newer than the lock file, the packages are those of the lock file. */
const STATE_FILES: Record<ManagerName, string[]> = {
  npm: ['node_modules/.package-lock.json'],
  pnpm: ['node_modules/.modules.yaml'],
  yarn: ['node_modules/.yarn-integrity', 'node_modules/.yarn-state.yml', '.pnp.cjs'],
  bun: ['node_modules'],
};

const manifestSchema = z.object({ packageManager: z.string().optional().catch(undefined) });

/** Finds it by `packageManager` in package.json, else by the lock file nearest above a directory of the worktree. */
export async function findPackageManager(worktree: string, directory: string): Promise<PackageManager> {
  let root = worktree;
  for (let at = directory; isInside(worktree, at); at = dirname(at)) {
    const lock = await lockIn(at);
    if (lock) return describe(at, lock[1], join(at, lock[0]));
    if (await read(join(at, 'package.json'))) root = at;
    if (at === worktree) break;
  }
  return describe(root, 'npm', null);
}

export const isLockFile = (path: string): boolean => LOCK_FILES.some(([name]) => path.endsWith(`/${name}`));

/** Files that a finished installation of this manager has. */
export const stateFiles = ({ name, root }: PackageManager): string[] =>
  STATE_FILES[name].map((file) => join(root, file));

async function lockIn(directory: string): Promise<[string, ManagerName] | undefined> {
  const found = await Promise.all(
    LOCK_FILES.map(async (each) => [each, await read(join(directory, each[0]))] as const),
  );
  const there = found.filter(([, text]) => text !== null).map(([each]) => each);
  const pinned = await pinnedIn(directory);
  return there.find(([, name]) => name === pinned?.name) ?? there[0];
}

async function describe(root: string, name: ManagerName, lockFile: string | null): Promise<PackageManager> {
  const pinned = await pinnedIn(root);
  const chosen = pinned?.name ?? name;
  const major = Number.parseInt(pinned?.version ?? '', 10);
  const isBerry = chosen === 'yarn' && (major >= 2 || (await read(join(root, '.yarnrc.yml'))) !== null);
  return { name: chosen, isBerry, root, lockFile, version: pinned?.version ?? null };
}

async function pinnedIn(directory: string): Promise<{ name: ManagerName; version: string } | null> {
  const text = await read(join(directory, 'package.json'));
  const parsed = text === null ? null : manifestSchema.safeParse(parseJson(text));
  const [, name, version = ''] =
    /^(npm|pnpm|yarn|bun)@([\w.-]+)/.exec(parsed?.data?.packageManager ?? '') ?? [];
  return name ? { name: name as ManagerName, version } : null; // one of these four, by the expression
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // told where package.json is read
  }
}

const read = (path: string): Promise<string | null> =>
  readText(path, { maxBytes: MAX_LOCK_FILE_BYTES }).catch(() => null);
