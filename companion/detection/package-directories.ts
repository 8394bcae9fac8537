import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type PackageJson, readPackageJson } from './package-json.ts';

export interface PackageDirectory {
  directory: string;
  pkg: PackageJson | null;
}

/** Where the parts of a full-stack repository usually are, the likeliest first. */
const PART_NAMES = ['frontend', 'client', 'web', 'app', 'ui', 'www', 'server', 'backend', 'api'];
const WORKSPACE_NAMES = ['apps', 'packages', 'services'];
/** A repository with more workspaces than this names its parts in the configuration. */
const MAX_DIRECTORIES = 100;

/** The worktree and the directories in it that may hold a frontend or a backend, with their package.json. */
export async function packageDirectories(worktree: string): Promise<PackageDirectory[]> {
  const names = await directoriesIn(worktree);
  const parts = PART_NAMES.filter((name) => names.includes(name)).map((name) => join(worktree, name));
  const workspaces = await Promise.all(
    WORKSPACE_NAMES.filter((name) => names.includes(name)).map(async (name) => {
      const inside = await directoriesIn(join(worktree, name));
      return inside.sort().map((each) => join(worktree, name, each));
    }),
  );
  const all = [worktree, ...parts, ...workspaces.flat()].slice(0, MAX_DIRECTORIES);
  return Promise.all(
    all.map(async (directory) => ({ directory, pkg: await readPackageJson(worktree, directory) })),
  );
}

async function directoriesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => entry.name);
}
