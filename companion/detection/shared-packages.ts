import { readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { isInside } from '../worktrees/is-inside.ts';

/** Workspaces are not deeper than this. */
const MAX_DEPTH = 4;
/** Directories looked into; a repository of more has its packages at the top. */
const MAX_DIRECTORIES = 5_000;

/** Every installed node_modules of a checkout: that of its top, and those of its workspaces. */
export async function packageDirectoriesOf(checkout: string): Promise<string[]> {
  const found: string[] = [];
  let level = [checkout];
  let count = 0;
  for (let depth = 0; depth <= MAX_DEPTH && level.length > 0 && count < MAX_DIRECTORIES; depth += 1) {
    count += level.length;
    const below = await Promise.all(
      level.map(async (directory) => ({ directory, names: await directoriesIn(directory) })),
    );
    found.push(
      ...below.flatMap(({ directory, names }) =>
        names.includes('node_modules') ? [join(directory, 'node_modules')] : [],
      ),
    );
    level = below.flatMap(({ directory, names }) =>
      names
        .filter((name) => name !== 'node_modules' && !name.startsWith('.'))
        .map((name) => join(directory, name)),
    );
  }
  const filled = await Promise.all(found.map(holdsPackages));
  return found.filter((_, index) => filled[index]);
}

/**
 * Whether packages only work where they were installed: there are several such directories, which find each other by
 * where they are, or one of the packages is a link to sources of the repository.
 */
export async function shareInPlace(checkout: string, directories: string[]): Promise<boolean> {
  if (directories.length !== 1 || directories[0] !== join(checkout, 'node_modules')) return true;
  const [directory] = directories;
  const names = await namesIn(directory);
  const scoped = await Promise.all(
    names
      .filter((name) => name.startsWith('@'))
      .map(async (scope) => (await namesIn(join(directory, scope))).map((name) => `${scope}/${name}`)),
  );
  const targets = await Promise.all(
    [...names.filter((name) => !name.startsWith('@')), ...scoped.flat()].map((name) =>
      realpath(join(directory, name)).catch(() => directory),
    ),
  );
  return targets.some((target) => !isInside(directory, target));
}

/** Tools keep caches in a node_modules of their own making (`.vite`): that alone is no installation. */
export const holdsPackages = (path: string): Promise<boolean> =>
  readdir(path).then(
    (names) => names.some((name) => !name.startsWith('.') || name === '.pnpm'),
    () => false,
  );

/** Packages and scopes, without what tools keep beside them. */
const namesIn = async (path: string): Promise<string[]> =>
  (await readdir(path).catch(() => [])).filter((name) => !name.startsWith('.'));

const directoriesIn = async (path: string): Promise<string[]> =>
  (await readdir(path, { withFileTypes: true }).catch(() => []))
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
