/** A kanban site the companion can ask about its tasks. */
export interface Board {
  readonly kind: string;
  readonly url: string;
  /** Every attempt that owns a worktree, newest first. */
  listAttempts(signal: AbortSignal): Promise<BoardAttempt[]>;
  /** The newest attempt of a task, or null when the task has none with a worktree. Throws when there is no such task. */
  findAttempt(taskId: string, signal: AbortSignal): Promise<BoardAttempt | null>;
}

export interface BoardAttempt {
  taskId: string;
  attemptId: string;
  title: string;
  /** What the board calls the agent: `CLAUDE_CODE`, `codex`, … */
  agentId: string;
  worktree: string;
  branch: string;
}

/** Recognises one kind of board behind a URL. */
export interface BoardAdapter {
  readonly kind: string;
  /** Resolves null when the site at `url` is not this kind of board. Rejects when it cannot be reached. */
  connect(url: string, signal: AbortSignal): Promise<Board | null>;
}
