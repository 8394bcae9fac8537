import { join } from 'node:path';
import { VitrineError } from '#shared/errors.ts';
import type { BoardAttempt } from '../board.ts';
import { type AttemptRow, getData, reposSchema, sessionsSchema } from './api.ts';

/** What an attempt is called whose agent the board does not name. */
const UNNAMED_AGENT = 'agent';

/** One row of the board as attempts: from 0.1 on a workspace is a directory that holds one worktree per repository. */
export async function attemptsOfRow(
  row: AttemptRow,
  about: { taskId: string; title: string; path: string; origin: string },
  signal: AbortSignal,
): Promise<BoardAttempt[]> {
  if (row.container_ref === null || row.worktree_deleted) return [];
  const { taskId, title, origin } = about;
  const base = { taskId, attemptId: row.id, branch: row.branch ?? '' };
  const named = row.profile ?? row.executor;
  const repos = await orNone(getData(origin, `${about.path}/${row.id}/repos`, reposSchema, signal));
  if (repos === null || repos.length === 0) {
    return [{ ...base, title, agentId: named ?? UNNAMED_AGENT, worktree: row.container_ref }];
  }
  const agentId = named ?? (await agentOf(origin, row.id, signal)) ?? UNNAMED_AGENT;
  const directory = row.container_ref;
  return repos.map(({ name }) => ({
    ...base,
    title: repos.length > 1 ? `${title} · ${name}` : title,
    agentId,
    worktree: join(directory, name),
  }));
}

/** The agent of the session used last. */
async function agentOf(
  origin: string,
  workspaceId: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const sessions = await orNone(
    getData(origin, `/api/sessions?workspace_id=${workspaceId}`, sessionsSchema, signal),
  );
  return sessions?.find(({ executor }) => executor)?.executor ?? undefined;
}

/** Null where this version has no such path: it answers with the page, or refuses. */
async function orNone<Data>(data: Promise<Data>): Promise<Data | null> {
  try {
    return await data;
  } catch (thrown) {
    if (thrown instanceof VitrineError && thrown.code !== 'BOARD_UNREACHABLE') return null;
    throw thrown;
  }
}
