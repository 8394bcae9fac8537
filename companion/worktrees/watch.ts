import { type Period, tellChangedBetween } from './changed-between.ts';
import { DirectoryWatches } from './directory-watches.ts';
import { gitLock } from './git-lock.ts';
import { PathBatch } from './path-batch.ts';
import { pollTree } from './poll-tree.ts';

/** A set-up that takes longer than this, ms, may have come too late for some change. */
const LATE_MS = 250;

export interface WorktreeWatch {
  /** Resolves when every directory is watched; changes before that may go untold. */
  readonly ready: Promise<void>;
  close(): void;
}

export interface WatchHandlers {
  /** Absolute paths that were added, changed or removed, each once. */
  onChange(paths: string[]): void;
  /** The worktree itself is gone. */
  onRemoved(): void;
  /** Watching goes on, but not as it should: one sentence for the user. */
  onDegraded(message: string): void;
}

/**
 * Watches a worktree's files. When the system's watches run out (inotify), it polls and says so.
 *
 * Own code on purpose: chokidar 6 drops a change that follows another within 50 ms, and @parcel/watcher 2.6 does
 * not tell files that are created together with their directory; an agent's checkout does both.
 */
export function watchWorktree(worktree: string, handlers: WatchHandlers): WorktreeWatch {
  const closing = new AbortController();
  const { signal } = closing;
  const batch = new PathBatch({ tell: handlers.onChange, isBusy: gitLock(worktree) }, signal);
  const onPath = (path: string, isEmpty?: boolean) => batch.add(path, isEmpty);
  const startedAt = Date.now();
  const removed = () => {
    if (!closing.signal.aborted) handlers.onRemoved();
  };
  const lookAgain = (period: Period) =>
    void tellChangedBetween(
      worktree,
      period,
      (path, isDirectory) => {
        if (isDirectory) void watches.look(path);
        onPath(path);
      },
      signal,
    );
  const watches = new DirectoryWatches(worktree, {
    onPath,
    onRootRemoved: removed,
    onOverflow: lookAgain,
    onExhausted: () => {
      watches.close();
      if (signal.aborted) return;
      handlers.onDegraded(
        'The system has no file watches left, so changes are looked for about once a second, in a large repository less often. Raise fs.inotify.max_user_watches for instant updates.',
      );
      pollTree(worktree, { onPath, onRootRemoved: removed }, signal);
    },
  });
  return {
    ready: watches.ready.then(() => {
      const readyAt = Date.now();
      if (readyAt - startedAt > LATE_MS && !signal.aborted) lookAgain({ fromMs: startedAt, toMs: readyAt });
    }),
    close() {
      closing.abort();
      watches.close();
    },
  };
}
