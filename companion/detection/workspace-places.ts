import { join } from 'node:path';
import { parse } from 'yaml';
import { isInside } from '../worktrees/is-inside.ts';
import { MAX_SOURCE_BYTES, readText } from '../worktrees/read-text.ts';

export interface WorkspacePlaces {
  /** Directories whose directories are packages: `libs/*`. */
  groups: string[];
  /** Packages that are named: `site`. */
  single: string[];
}

/** Where a repository says its packages are: `workspaces` of npm, Yarn and Bun, `packages` of pnpm. */
export async function workspacePlaces(worktree: string): Promise<WorkspacePlaces> {
  const read = (name: string) =>
    readText(join(worktree, name), { maxBytes: MAX_SOURCE_BYTES }).catch(() => '');
  const [manifest, pnpm] = await Promise.all([read('package.json'), read('pnpm-workspace.yaml')]);
  const { workspaces } = objectOf(() => JSON.parse(manifest.replace(/^\uFEFF/, '')));
  const patterns = [
    ...textsOf(Array.isArray(workspaces) ? workspaces : objectOf(() => workspaces).packages),
    ...textsOf(objectOf(() => parse(pnpm)).packages),
  ];
  const places: WorkspacePlaces = { groups: [], single: [] };
  for (const pattern of patterns) {
    const path = pattern.replace(/^\.\//, '').replace(/\/$/, '');
    const group = /^(.+?)\/\*{1,2}$/.exec(path)?.[1];
    const directory = join(worktree, group ?? path);
    if (/[*!{}?[\]]/.test(group ?? path) || !isInside(worktree, directory)) continue;
    (group === undefined ? places.single : places.groups).push(directory);
  }
  return places;
}

/** Empty for what cannot be read: whoever needs the file says what is wrong with it. */
function objectOf(read: () => unknown): Record<string, unknown> {
  try {
    const value = read();
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
