import { VitrineError } from '#shared/errors.ts';
import type { Board, BoardAdapter } from './board.ts';
import { boardOrigin } from './board-origin.ts';
import { vibeKanban } from './vibe-kanban/adapter.ts';

const ADAPTERS: readonly BoardAdapter[] = [vibeKanban];

export interface ConnectBoardOptions {
  /** Origins of boards outside this machine that the person added. */
  added?: readonly string[];
}

/**
 * The board at `url`, whichever kind it is. Rejects with BOARD_ADDRESS_INVALID, BOARD_NOT_ADDED, BOARD_UNREACHABLE, or
 * BOARD_UNKNOWN for a site that answers and is no board of a known kind or version.
 */
export async function connectBoard(
  url: string,
  signal: AbortSignal,
  { added = [] }: ConnectBoardOptions = {},
): Promise<Board> {
  const origin = boardOrigin(url, added);
  for (const adapter of ADAPTERS) {
    const board = await adapter.connect(origin, signal);
    if (board) return board;
  }
  throw new VitrineError({
    code: 'BOARD_UNKNOWN',
    message: `The site at ${origin} is no board that Vitrine knows.`,
    remedy: `Known kinds: ${ADAPTERS.map(({ kind }) => kind).join(', ')}. Check the address, or add the repository itself.`,
    status: 422,
  });
}
