import { join } from 'node:path';
import type { z } from 'zod';
import type { BoardAttempt } from '../board.ts';
import { type AttemptRow, getDataIfKnown, reposSchema, sessionsSchema } from './api.ts';
import { eachLimited } from './each-limited.ts';

/** What an attempt is called whose agent the board does not name. */
const UNNAMED_AGENT = 'agent';

/** What a row says of its attempts, completed by what has to be asked for each. */
export class AttemptWorktrees {
  readonly #origin: string;
  readonly #path: string;
  /** Not every version has all: what one answered with its page is asked of no further attempt. */
  readonly #unknownPaths = new Set<string>();

  /** `path` is where the board has its attempts. */
  constructor(origin: string, path: string) {
    this.#origin = origin;
    this.#path = path;
  }

  /** One row as attempts: from 0.1 on a workspace is a directory that holds one worktree per repository. */
  async ofRow(
    row: AttemptRow,
    { taskId, title }: { taskId: string; title: string },
    signal: AbortSignal,
  ): Promise<BoardAttempt[]> {
    if (!row.container_ref || row.worktree_deleted) return [];
    const base = { taskId, attemptId: row.id, branch: row.branch ?? '' };
    const named = row.profile ?? row.executor;
    const repos = await this.#ask('repos', `${this.#path}/${row.id}/repos`, reposSchema, signal);
    if (repos === null || repos.length === 0) {
      return [{ ...base, title, agentId: named ?? UNNAMED_AGENT, worktree: row.container_ref }];
    }
    const agentId = named ?? (await this.#agentOf(row.id, signal)) ?? UNNAMED_AGENT;
    const directory = row.container_ref;
    return repos.map(({ name }) => ({
      ...base,
      title: repos.length > 1 ? `${title} · ${name}` : title,
      agentId,
      worktree: join(directory, name),
    }));
  }

  /** All rows. One that the board cannot complete is left out; rejects when that goes for each. */
  async ofRows(
    rows: readonly AttemptRow[],
    about: (row: AttemptRow) => { taskId: string; title: string },
    signal: AbortSignal,
  ): Promise<BoardAttempt[]> {
    const failures: unknown[] = [];
    const read = await eachLimited(rows, (row) =>
      this.ofRow(row, about(row), signal).catch((failure: unknown) => {
        signal.throwIfAborted();
        failures.push(failure);
        return [];
      }),
    );
    if (rows.length > 0 && failures.length === rows.length) throw failures[0];
    return read.flat();
  }

  /** The agent of the session used last. */
  async #agentOf(workspaceId: string, signal: AbortSignal): Promise<string | undefined> {
    const path = `/api/sessions?workspace_id=${workspaceId}`;
    const sessions = await this.#ask('sessions', path, sessionsSchema, signal);
    return sessions?.find(({ executor }) => executor)?.executor ?? undefined;
  }

  async #ask<Data>(
    what: string,
    path: string,
    schema: z.ZodType<Data>,
    signal: AbortSignal,
  ): Promise<Data | null> {
    if (this.#unknownPaths.has(what)) return null;
    const data = await getDataIfKnown(this.#origin, path, schema, signal);
    if (data !== 'unknown path') return data;
    this.#unknownPaths.add(what);
    return null;
  }
}
