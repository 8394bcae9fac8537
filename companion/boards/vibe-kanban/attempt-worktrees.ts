import { join } from 'node:path';
import type { BoardAttempt } from '../board.ts';
import { type AttemptRow, getDataIfKnown, reposSchema, sessionsSchema } from './api.ts';

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
  const repos = await getDataIfKnown(origin, `${about.path}/${row.id}/repos`, reposSchema, signal);
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
  const path = `/api/sessions?workspace_id=${workspaceId}`;
  const sessions = await getDataIfKnown(origin, path, sessionsSchema, signal);
  return sessions?.find(({ executor }) => executor)?.executor ?? undefined;
}
