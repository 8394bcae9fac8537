import { basename } from 'node:path';
import type { Attempt, AttemptList } from '#shared/api/attempt.ts';
import type { CreateEnvironment } from '#shared/api/environment.ts';
import { toVitrineError, VitrineError } from '#shared/errors.ts';
import { unreachable } from '../boards/board-request.ts';
import { connectBoard } from '../boards/connect.ts';
import type { Registry, SourceKind } from '../storage/registry.ts';
import { findRepository, inspectWorktree, listWorktrees } from '../worktrees/git.ts';
import type { Environments } from './environments.ts';
import { directoryExists, inspectBoardAttempt, type ResolvedAttempt } from './resolve-attempt.ts';

/** One slow board does not keep the others from being listed. */
const SOURCE_DEADLINE_MS = 8_000;

/** Where attempts come from: repositories the user added, and boards. */
export class Attempts {
  readonly #registry: Registry;
  readonly #deadlineMs: number;
  #boardOrigins: string[] = [];

  constructor(registry: Registry, { deadlineMs = SOURCE_DEADLINE_MS }: { deadlineMs?: number } = {}) {
    this.#registry = registry;
    this.#deadlineMs = deadlineMs;
  }

  /** Origins of the connected boards. */
  get boardOrigins(): readonly string[] {
    return this.#boardOrigins;
  }

  /** Reads what must be known without asking the registry each time. */
  async load(): Promise<void> {
    const sources = await this.#registry.sources();
    this.#boardOrigins = sources
      .filter(({ kind }) => kind === 'board')
      .map(({ location }) => new URL(location).origin);
  }

  /** Adds a repository by any directory in it. A bare one is good, too: its worktrees are listed. Throws when it is none. */
  async addRepository(path: string, signal: AbortSignal): Promise<string> {
    const repository = await findRepository(path, signal);
    await this.#registry.addSource('repository', repository);
    return repository;
  }

  /** Adds a board after it was recognised. Throws BOARD_UNREACHABLE or BOARD_UNKNOWN. */
  async addBoard(url: string, signal: AbortSignal): Promise<string> {
    // Adding it is what allows a board that is not on this machine.
    const board = await connectBoard(url, signal, { added: [new URL(url).origin] });
    await this.#registry.addSource('board', board.url);
    await this.load();
    return board.url;
  }

  async remove(kind: SourceKind, location: string): Promise<void> {
    const wasThere = await this.#registry.removeSource(kind, location);
    await this.load();
    if (wasThere) return;
    throw new VitrineError({
      code: 'SOURCE_UNKNOWN',
      message: `There is no ${kind} ${location.slice(0, 200)} in the list.`,
      remedy: 'List the attempts to see the sources there are.',
      status: 404,
    });
  }

  /** Everything that can be previewed. A source that cannot be read says why and hides no other. */
  async list(environments: Pick<Environments, 'findByWorktree'>, signal: AbortSignal): Promise<AttemptList> {
    const sources = await this.#registry.sources();
    const read = sources.map(async ({ kind, location }) => {
      const bounded = AbortSignal.any([signal, AbortSignal.timeout(this.#deadlineMs)]);
      try {
        const attempts = await (kind === 'repository'
          ? ofRepository(location, bounded)
          : ofBoard(location, bounded));
        return { attempts, source: { kind, location } };
      } catch (thrown) {
        // The time was up while the board was still answering one question after the other.
        const late = kind === 'board' && bounded.aborted && !signal.aborted;
        const error = late ? unreachable(location, bounded.reason, this.#deadlineMs) : thrown;
        const { code, message, remedy } = toVitrineError(error);
        return { attempts: [], source: { kind, location, failure: { code, message, remedy } } };
      }
    });
    const all = await Promise.all(read);
    // A board's attempt is the same worktree that its repository lists; the board knows more about it.
    const boardFirst = all.toSorted(
      (a, b) => Number(a.source.kind === 'repository') - Number(b.source.kind === 'repository'),
    );
    const byWorktree = new Map<string, Attempt>();
    for (const attempt of boardFirst.flatMap(({ attempts }) => attempts)) {
      if (byWorktree.has(attempt.worktree)) continue;
      byWorktree.set(attempt.worktree, {
        ...attempt,
        environmentId: environments.findByWorktree(attempt.worktree)?.id,
      });
    }
    return { attempts: [...byWorktree.values()], sources: all.map(({ source }) => source) };
  }

  /** The newest attempt of a task on the board named, or on whichever connected board knows the task. */
  async find(request: CreateEnvironment, signal: AbortSignal): Promise<ResolvedAttempt> {
    if (request.board) {
      const board = await connectBoard(request.board.url, signal, { added: this.#boardOrigins });
      return inspectBoardAttempt(request, await board.findAttempt(request.taskId, signal), signal);
    }
    for (const { kind, location } of await this.#registry.sources()) {
      if (kind !== 'board') continue;
      const board = await connectBoard(location, signal, { added: this.#boardOrigins }).catch(() => null);
      const attempt = await board?.findAttempt(request.taskId, signal).catch(() => null);
      if (attempt) return inspectBoardAttempt(request, attempt, signal);
    }
    throw new VitrineError({
      code: 'TASK_UNKNOWN',
      message: `No connected board knows the task ${request.taskId.slice(0, 80)}.`,
      remedy: 'Name the board (board.url) or the worktree in the request, or connect the board first.',
      status: 404,
    });
  }
}

async function ofRepository(path: string, signal: AbortSignal): Promise<Attempt[]> {
  if (!(await directoryExists(path))) await inspectWorktree(path, signal); // throws what is wrong
  const worktrees = await listWorktrees(path, signal);
  return worktrees.map(({ worktree, branch, isMain }) => ({
    taskId: `worktree:${worktree}`,
    agentId: 'local',
    title: isMain ? `${basename(worktree)} (main checkout)` : basename(worktree),
    worktree,
    branch,
    source: { kind: 'repository', path },
  }));
}

async function ofBoard(url: string, signal: AbortSignal): Promise<Attempt[]> {
  const board = await connectBoard(url, signal, { added: [new URL(url).origin] });
  return (await board.listAttempts(signal)).map(({ taskId, agentId, title, worktree, branch }) => ({
    taskId,
    agentId,
    title,
    worktree,
    branch,
    source: { kind: 'board', url: board.url },
  }));
}
