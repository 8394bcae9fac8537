import type { ChangeStatus, SourceTree, TreeFile } from '#shared/api/source.ts';
import { readConfig } from '../config/read-config.ts';
import { findBase } from './base-commit.ts';
import { listFiles } from './files.ts';
import { git } from './git.ts';

/** The worktree's files, each with how it differs from where the attempt began. */
export async function readSourceTree(worktree: string, signal?: AbortSignal): Promise<SourceTree> {
  const [{ files, truncated }, base] = await Promise.all([
    listFiles(worktree, signal),
    findBase(worktree, signal),
  ]);
  const statuses = await changedSince(worktree, base?.commit, signal);
  const known = new Set(files.map(({ path }) => path));
  const listed: TreeFile[] = files.map(({ path, size }) => ({ path, size, status: statuses.get(path) }));
  for (const [path, status] of statuses)
    if (status === 'deleted' && !known.has(path)) listed.push({ path, size: 0, status });
  return { files: listed, truncated, base, ...(await saving(worktree)) };
}

/** How files of the worktree differ from a commit, by path; everything is new where there is none. */
async function changedSince(
  worktree: string,
  commit: string | undefined,
  signal?: AbortSignal,
): Promise<Map<string, ChangeStatus>> {
  const statuses = new Map<string, ChangeStatus>();
  if (commit) {
    const output = await git(
      worktree,
      ['diff', '--name-status', '-z', '-M', '--no-ext-diff', commit],
      signal,
    );
    const words = output.split('\0');
    for (let index = 0; index + 1 < words.length; index += 2) {
      const [letter] = words[index] ?? '';
      // A rename and a copy name two paths; the second is the one that is there.
      if (letter === 'R' || letter === 'C') index += 1;
      const path = words[index + 1];
      if (path) statuses.set(path, STATUS_OF[letter ?? ''] ?? 'modified');
    }
  }
  const untracked = await git(worktree, ['ls-files', '-z', '--others', '--exclude-standard'], signal);
  for (const path of untracked.split('\0').filter(Boolean)) statuses.set(path, 'added');
  return statuses;
}

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
