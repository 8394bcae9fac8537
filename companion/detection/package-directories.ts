import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type PackageJson, readPackageJson } from './package-json.ts';
import { workspacePlaces } from './workspace-places.ts';

export interface PackageDirectory {
  directory: string;
  pkg: PackageJson | null;
}

/** Where the parts of a full-stack repository usually are, the likeliest first. */
const PART_NAMES = ['frontend', 'client', 'web', 'app', 'ui', 'www', 'server', 'backend', 'api'];
/** Where they are in repositories that have nothing at the usual places. */
const OTHER_NAMES = ['website', 'site', 'dashboard', 'admin', 'storefront', 'docs'];
const WORKSPACE_NAMES = ['apps', 'packages', 'services'];
/** Where a library shows what it is. */
const SHOWN_NAMES = ['playground', 'demo', 'example', 'examples', 'dev'];
/** A repository with more workspaces than this names its parts in the configuration. */
const MAX_DIRECTORIES = 100;

/** The worktree and the directories in it that may hold a frontend or a backend, with their package.json. */
export async function packageDirectories(worktree: string): Promise<PackageDirectory[]> {
  const names = await directoriesIn(worktree);
  const present = (wanted: readonly string[]) =>
    wanted.filter((name) => names.includes(name)).map((name) => join(worktree, name));
  const inEach = async (directories: string[]) => {
    const inside = directories.map(async (directory) =>
      (await directoriesIn(directory)).sort().map((name) => join(directory, name)),
    );
    return (await Promise.all(inside)).flat();
  };
  const { groups, single } = await workspacePlaces(worktree);
  const all = [
    worktree,
    ...present(PART_NAMES),
    ...(await inEach(present(WORKSPACE_NAMES))),
    ...single,
    ...(await inEach(groups)),
    ...present(OTHER_NAMES),
  ];
  const read = (directories: string[]) =>
    Promise.all(
      directories.map(async (directory) => ({ directory, pkg: await readPackageJson(worktree, directory) })),
    );
  const usual = [...new Set(all)].slice(0, MAX_DIRECTORIES);
  // A part may have any name where each has a package.json of its own and nothing names them.
  const others = names
    .sort()
    .map((name) => join(worktree, name))
    .filter((directory) => !usual.includes(directory) && !basename(directory).startsWith('node_modules'));
  const more = await read(others.slice(0, MAX_DIRECTORIES - usual.length));
  return [...(await read(usual)), ...more.filter(({ pkg }) => pkg)];
}

/** Where packages show themselves, inside of them: `packages/ui/playground`. */
export async function shownInside(
  worktree: string,
  packages: PackageDirectory[],
): Promise<PackageDirectory[]> {
  const inside = packages.map(async ({ directory }) => {
    const names = await directoriesIn(directory);
    return SHOWN_NAMES.filter((name) => names.includes(name)).map((name) => join(directory, name));
  });
  const known = new Set(packages.map(({ directory }) => directory));
  const found = (await Promise.all(inside)).flat().filter((directory) => !known.has(directory));
  return Promise.all(
    found
      .slice(0, MAX_DIRECTORIES)
      .map(async (directory) => ({ directory, pkg: await readPackageJson(worktree, directory) })),
  );
}

async function directoriesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => entry.name);
}
