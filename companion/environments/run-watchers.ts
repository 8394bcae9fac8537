import { relative } from 'node:path';
import type { ProjectPlan } from '../detection/detect-project.ts';
import { readBranch } from '../worktrees/read-branch.ts';
import { type WorktreeWatch, watchWorktree } from '../worktrees/watch.ts';
import { DatabaseQuota } from './database-quota.ts';
import type { RunContext } from './run-context.ts';

/** A checkout touches thousands of files; the channel names this many. */
const MAX_TOLD_PATHS = 200;

export interface WatchersHandlers {
  /** Files of the worktree changed: absolute paths. */
  onFiles(paths: string[], plan: ProjectPlan): void;
  /** Not every change can be seen. */
  onDegraded(text: string): void;
}

/** What looks on during one life of an environment: at the worktree's files, and at how much the database takes. */
export class RunWatchers {
  readonly #context: RunContext;
  readonly #handlers: WatchersHandlers;
  #worktree: WorktreeWatch | undefined;
  #quota: DatabaseQuota | undefined;

  constructor(context: RunContext, handlers: WatchersHandlers) {
    this.#context = context;
    this.#handlers = handlers;
  }

  /** Starts what does not look on yet. */
  start(plan: ProjectPlan): void {
    this.#worktree ??= this.#watchWorktree(plan);
    void this.#lookAtBranch();
    this.#quota ??= this.#watchDatabase();
  }

  close(): void {
    this.#worktree?.close();
    this.#quota?.close();
  }

  #watchWorktree(plan: ProjectPlan): WorktreeWatch {
    const { record, onWorktreeRemoved } = this.#context;
    return watchWorktree(record.worktree, {
      onChange: (paths) => this.#filesChanged(paths, plan),
      onRemoved: onWorktreeRemoved,
      onDegraded: (text) => this.#handlers.onDegraded(text),
    });
  }

  /** A database that is a file is among the files of the sandbox. */
  #watchDatabase(): DatabaseQuota | undefined {
    const { parts, record, database, onDatabaseFull } = this.#context;
    if (parts.database.outletPort === null || !onDatabaseFull) return undefined;
    return new DatabaseQuota({
      provider: parts.database,
      spec: database,
      limitMb: record.config.isolation.backend.resource_limits.disk_mb,
      isRunning: () => record.status === 'running',
      onExceeded: onDatabaseFull,
    });
  }

  /** Never rejects: what cannot be read is left as it was. */
  async #lookAtBranch(): Promise<void> {
    const { record, onBranch } = this.#context;
    const branch = await readBranch(record.worktree);
    if (branch === null || branch === record.branch) return;
    // Git's own short name of the same commit may be longer.
    const isSameCommit = /^[0-9a-f]{7}$/.test(branch) && record.branch.startsWith(branch);
    if (!isSameCommit) onBranch?.(branch);
  }

  #filesChanged(paths: string[], plan: ProjectPlan): void {
    const { record, hub, touch } = this.#context;
    touch();
    void this.#lookAtBranch();
    const told = paths.slice(0, MAX_TOLD_PATHS).map((path) => relative(record.worktree, path));
    hub.publish({ channel: 'state', data: { type: 'file_change', paths: told } });
    this.#handlers.onFiles(paths, plan);
  }
}
