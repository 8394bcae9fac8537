import { DirectoryWatches } from './directory-watches.ts';
import { pollTree } from './poll-tree.ts';

/** A save is often several events (truncate, write, rename, chmod); they are told together after this much quiet. */
const QUIET_MS = 8;
/** What goes on and on is told in parts, at least this often. */
const MAX_WAIT_MS = 250;
/** So many files at once are a checkout or a rebase, told as a whole: every part would be a reload of half of it. */
const MANY_PATHS = 100;
const MANY_QUIET_MS = 150;
const MANY_MAX_WAIT_MS = 5_000;

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
  const batch = batchPaths(handlers.onChange, closing.signal);
  const removed = () => {
    if (!closing.signal.aborted) handlers.onRemoved();
  };
  const watches = new DirectoryWatches(worktree, {
    onPath: batch,
    onRootRemoved: removed,
    onExhausted: () => {
      watches.close();
      if (closing.signal.aborted) return;
      handlers.onDegraded(
        'The system has no file watches left, so changes are looked for once a second. Raise fs.inotify.max_user_watches for instant updates.',
      );
      pollTree(worktree, { onPath: batch, onRootRemoved: removed }, closing.signal);
    },
  });
  return {
    ready: watches.ready,
    close() {
      closing.abort();
      watches.close();
    },
  };
}

/** Collects paths and tells them together once it has been quiet, or when the first has waited long enough. */
function batchPaths(tell: (paths: string[]) => void, closed: AbortSignal): (path: string) => void {
  const pending = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let firstAt = 0;
  closed.addEventListener('abort', () => clearTimeout(timer), { once: true });

  const flush = () => {
    const paths = [...pending];
    pending.clear();
    tell(paths);
  };
  return (path) => {
    if (closed.aborted) return;
    if (pending.size === 0) firstAt = performance.now();
    pending.add(path);
    clearTimeout(timer);
    const areMany = pending.size > MANY_PATHS;
    const left = (areMany ? MANY_MAX_WAIT_MS : MAX_WAIT_MS) - (performance.now() - firstAt);
    timer = setTimeout(flush, Math.max(0, Math.min(areMany ? MANY_QUIET_MS : QUIET_MS, left)));
  };
}
