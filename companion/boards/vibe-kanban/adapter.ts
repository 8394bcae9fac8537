import { VitrineError } from '#shared/errors.ts';
import type { BoardAdapter } from '../board.ts';
import { askBoard, type BoardAnswer } from '../board-request.ts';
import { isEnvelope } from './api.ts';
import { TaskAttemptsBoard } from './task-attempts-board.ts';
import { WorkspacesBoard } from './workspaces-board.ts';

const KNOWN_VERSIONS = '0.0.71 to 0.1.26 (task attempts), 0.1.27 to 0.1.44 (workspaces)';

/**
 * Vibe Kanban and its forks. Its API names no version, so it is told by what answers: `/api/workspaces` came with 0.1.27,
 * `/api/task-attempts` went.
 */
export const vibeKanban: BoardAdapter = {
  kind: 'vibe-kanban',
  async connect(origin, signal) {
    const health = await askBoard(origin, '/api/health', signal);
    if (!isEnvelope(health)) return null;
    const workspaces = await askBoard(origin, '/api/workspaces', signal);
    if (isEnvelope(workspaces)) return new WorkspacesBoard(origin);
    const attempts = await askBoard(origin, '/api/task-attempts', signal);
    if (isEnvelope(attempts)) return new TaskAttemptsBoard(origin);
    throw new VitrineError({
      code: 'BOARD_UNKNOWN',
      message:
        `The board at ${origin} answers like Vibe Kanban, but not like a known version: /api/health ${seen(health)}, ` +
        `/api/workspaces ${seen(workspaces)}, /api/task-attempts ${seen(attempts)}.`,
      remedy: `Known versions: ${KNOWN_VERSIONS}. Add the repository itself meanwhile: its worktrees are the attempts.`,
      status: 422,
    });
  },
};

function seen(answer: BoardAnswer): string {
  return `${answer.status} ${answer.kind === 'json' ? 'JSON' : answer.contentType || 'no content type'}`;
}
