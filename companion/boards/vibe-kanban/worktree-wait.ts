import { setTimeout as delay } from 'node:timers/promises';

/** Vibe Kanban names an attempt's worktree about 20 ms after the attempt exists (0.0.71). */
const RETRY_DELAYS_MS = [30, 60, 120, 240, 480];

/** Asks again while an answer is still without a worktree, for about a second; then takes what there is. */
export async function untilNamed<Row>(
  ask: () => Promise<Row[]>,
  isPending: (row: Row) => boolean,
  signal: AbortSignal,
): Promise<Row[]> {
  let rows = await ask();
  for (const wait of RETRY_DELAYS_MS) {
    const [newest] = rows;
    if (newest === undefined || !isPending(newest)) break;
    await delay(wait, undefined, { signal });
    rows = await ask();
  }
  return rows;
}
