import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const NAMES = [
  'package-lock.json',
  'pnpm-lock.yaml',
  'yarn.lock',
  'bun.lock',
  'bun.lockb',
  'npm-shrinkwrap.json',
];

/** Nearest lock file, from the frontend up to the worktree; null when there is none. */
export function findLockFile(root: string, worktree: string): string | null {
  for (let directory = root; ; directory = dirname(directory)) {
    const found = NAMES.map((name) => join(directory, name)).find(existsSync);
    if (found !== undefined) return found;
    if (directory === worktree || directory === dirname(directory)) return null;
  }
}

export const isLockFile = (path: string): boolean => NAMES.includes(basename(path));

/**
 * Stands for the versions of every package: the lock file's hash. Without one (or beside it, in node_modules) what
 * the package manager wrote down of the installation.
 */
export function dependencyStamp(root: string, worktree: string): string {
  const hash = createHash('sha256');
  const lock = findLockFile(root, worktree);
  const installed = [
    join(root, 'node_modules', '.package-lock.json'),
    join(root, 'node_modules', '.modules.yaml'),
  ];
  const files = [lock, ...installed].filter((file) => file !== null && existsSync(file));
  if (files.length === 0) return `unlocked:${root}`; // shared with nobody
  for (const file of files) hash.update(basename(file as string)).update(readFileSync(file as string));
  return hash.digest('hex');
}
