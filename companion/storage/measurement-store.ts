import { z } from 'zod';
import type { Sqlite } from './sqlite.ts';

/** Durations kept of each kind; older ones are dropped. */
const MAX_KEPT = 5_000;

/** How long it took a preview to draw, and a change to be in the page. */
export type MeasuredKind = 'preview_load' | 'hot_reload';

const measuredRow = z.object({ at: z.number(), duration_ms: z.number() });
const verdictRow = z.object({ at: z.number(), useful: z.number() });
const countRow = z.array(z.object({ count: z.number() }));

/** What was measured and what people said, on this machine alone. */
export class MeasurementStore {
  readonly #sqlite: Sqlite;

  constructor(sqlite: Sqlite) {
    this.#sqlite = sqlite;
  }

  async record(kind: MeasuredKind, at: number, durationMs: number): Promise<void> {
    await this.#sqlite.run(
      'INSERT INTO measurements (kind, at, duration_ms) VALUES (?, ?, ?)',
      kind,
      at,
      durationMs,
    );
    await this.#sqlite.run(
      `DELETE FROM measurements WHERE kind = ? AND id <=
         (SELECT id FROM measurements WHERE kind = ? ORDER BY id DESC LIMIT 1 OFFSET ${MAX_KEPT})`,
      kind,
      kind,
    );
  }

  /** The oldest first. */
  async measured(kind: MeasuredKind): Promise<{ at: number; durationMs: number }[]> {
    const rows = await this.#sqlite.all(
      'SELECT at, duration_ms FROM measurements WHERE kind = ? ORDER BY id',
      kind,
    );
    return z
      .array(measuredRow)
      .parse(rows)
      .map(({ at, duration_ms }) => ({ at, durationMs: duration_ms }));
  }

  /** Whether a preview was useful, the last word about each; null takes the word back. */
  async judge(environmentId: string, useful: boolean | null): Promise<void> {
    if (useful === null) {
      await this.#sqlite.run('DELETE FROM verdicts WHERE environment_id = ?', environmentId);
      return;
    }
    await this.#sqlite.run(
      `INSERT INTO verdicts (environment_id, at, useful) VALUES (?, ?, ?)
       ON CONFLICT (environment_id) DO UPDATE SET at = excluded.at, useful = excluded.useful`,
      environmentId,
      Date.now(),
      useful ? 1 : 0,
    );
  }

  async verdicts(): Promise<{ at: number; useful: boolean }[]> {
    const rows = await this.#sqlite.all('SELECT at, useful FROM verdicts ORDER BY at');
    return z
      .array(verdictRow)
      .parse(rows)
      .map(({ at, useful }) => ({ at, useful: useful === 1 }));
  }

  /** One more thing that a person did. */
  async countInteraction(): Promise<void> {
    await this.#sqlite.run(
      `INSERT INTO counters (name, count) VALUES ('interactions', 1)
       ON CONFLICT (name) DO UPDATE SET count = count + 1`,
    );
  }

  async interactions(): Promise<number> {
    const rows = await this.#sqlite.all("SELECT count FROM counters WHERE name = 'interactions'");
    return countRow.parse(rows)[0]?.count ?? 0;
  }
}
