import type { ChangeStatus, SourceTree, TreeFile } from '#shared/api/source.ts';
import { readConfig } from '../config/read-config.ts';
import { findBase } from './base-commit.ts';
import { listFiles } from './files.ts';
import { withoutFilters } from './filters.ts';
import { gitBytes } from './git.ts';
import { splitPaths } from './path-bytes.ts';

/** The worktree's files, each with how it differs from where the attempt began. */
export async function readSourceTree(worktree: string, signal?: AbortSignal): Promise<SourceTree> {
  const [{ files, truncated }, base] = await Promise.all([
    listFiles(worktree, signal),
    findBase(worktree, signal),
  ]);
  const statuses = await changedSince(worktree, base?.commit, signal);
  const known = new Set(files.map(({ path }) => path));
  const listed: TreeFile[] = files.map(({ path, size }) => ({ path, size, ...statuses.get(path) }));
  for (const [path, change] of statuses)
    if (change.status === 'deleted' && !known.has(path)) listed.push({ path, size: 0, ...change });
  return { files: listed, truncated, base, ...(await saving(worktree)) };
}

type Change = Pick<TreeFile, 'from'> & { status: ChangeStatus };

/** How files of the worktree differ from a commit, by path; everything is new where there is none. */
async function changedSince(
  worktree: string,
  commit: string | undefined,
  signal?: AbortSignal,
): Promise<Map<string, Change>> {
  const statuses = new Map<string, Change>();
  if (commit) {
    const settings = await withoutFilters(worktree, signal);
    const compare = (...command: string[]) =>
      gitBytes(worktree, [...command, ...COMPARED, commit], signal, settings);
    // Where a clone has left out objects, contents are not compared: no renames, and what was only touched is told.
    const output = await compare('diff', '--find-renames').catch(() => compare('diff-index', '--no-renames'));
    const words = splitPaths(output);
    for (let index = 0; index + 1 < words.length; index += 2) {
      const [letter] = words[index] ?? '';
      // A rename and a copy name two paths; the second is the one that is there.
      if (letter === 'R' || letter === 'C') index += 1;
      const path = words[index + 1];
      const from = letter === 'R' ? words[index] : undefined;
      if (path) statuses.set(path, { status: STATUS_OF[letter ?? ''] ?? 'modified', from });
    }
  }
  const untracked = await gitBytes(worktree, ['ls-files', '-z', '--others', '--exclude-standard'], signal);
  for (const path of splitPaths(untracked)) statuses.set(path, { status: 'added' });
  return statuses;
}

/** What is changed inside a submodule is its own: git would look with its settings, whoever wrote them. */
const COMPARED = ['--name-status', '-z', '--no-ext-diff', '--no-textconv', '--ignore-submodules=dirty'];

/** Letters of `git diff --name-status` (git-diff(1), "Raw output format"). */
const STATUS_OF: Record<string, ChangeStatus> = {
  A: 'added',
  C: 'added',
  D: 'deleted',
  M: 'modified',
  R: 'renamed',
  T: 'modified',
  U: 'conflicted',
};

/** A configuration that cannot be read is told elsewhere; here it only means the defaults. */
async function saving(worktree: string): Promise<Pick<SourceTree, 'autoSave' | 'syncDelayMs'>> {
  try {
    const { frontend } = (await readConfig(worktree)).isolation;
    return { autoSave: frontend.auto_save, syncDelayMs: frontend.sync_delay_ms };
  } catch {
    return { autoSave: true, syncDelayMs: 500 };
  }
}
