import { z } from 'zod';
import type { EnvironmentEvent } from '#shared/api/environment.ts';
import { VitrineError } from '#shared/errors.ts';
import { type EnvironmentRecord, environmentRecordSchema } from './environment-record.ts';
import { MeasurementStore } from './measurement-store.ts';
import { migrate } from './migrations.ts';
import { Sqlite } from './sqlite.ts';

/** Events kept per environment and in all; older ones are dropped. */
const MAX_EVENTS = 10_000;

export type SourceKind = 'repository' | 'board';

const recordRow = z.object({ record: z.string() });
const sourceRow = z.object({ kind: z.enum(['repository', 'board']), location: z.string() });
const eventRow = z.object({
  environment_id: z.string(),
  at: z.number(),
  type: z.string(),
  detail: z.string().nullable(),
});
export type EventRow = z.infer<typeof eventRow>;

/** The companion's durable memory: environments, what happened to them, and where attempts are looked for. */
export class Registry {
  /** What was measured, and what people said. */
  readonly measurements: MeasurementStore;
  readonly #sqlite: Sqlite;

  private constructor(sqlite: Sqlite) {
    this.#sqlite = sqlite;
    this.measurements = new MeasurementStore(sqlite);
  }

  /** Throws STATE_DAMAGED for a file that is no database any more; it stays as it is. */
  static async open(path: string): Promise<Registry> {
    const sqlite = await Sqlite.open(path);
    try {
      await migrate(sqlite);
    } catch (error) {
      await sqlite.close();
      throw DAMAGED.has(String((error as NodeJS.ErrnoException).code)) ? damaged(path, error) : error;
    }
    return new Registry(sqlite);
  }

  async saveEnvironment(record: EnvironmentRecord): Promise<void> {
    await this.#sqlite.run(
      `INSERT INTO environments (id, record, created_at) VALUES (?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET record = excluded.record`,
      record.id,
      JSON.stringify(record),
      record.createdAt,
    );
  }

  async removeEnvironment(id: string): Promise<void> {
    await this.#sqlite.run('DELETE FROM environments WHERE id = ?', id);
  }

  /** The ids of all environments, those included whose rest cannot be read: their data stays. */
  async environmentIds(): Promise<Set<string>> {
    const rows = z
      .array(z.object({ id: z.string() }))
      .parse(await this.#sqlite.all('SELECT id FROM environments'));
    return new Set(rows.map(({ id }) => id));
  }

  /** Environments as last saved, oldest first. A row that no longer parses is reported and left out. */
  async environments(onUnreadable: (cause: unknown) => void): Promise<EnvironmentRecord[]> {
    const rows = z
      .array(recordRow)
      .parse(await this.#sqlite.all('SELECT record FROM environments ORDER BY created_at'));
    return rows.flatMap(({ record }) => {
      try {
        return [environmentRecordSchema.parse(JSON.parse(record))];
      } catch (error) {
        onUnreadable(error);
        return [];
      }
    });
  }

  async recordEvent(environmentId: string, { at, type, detail }: EnvironmentEvent): Promise<void> {
    await this.#sqlite.run(
      'INSERT INTO environment_events (environment_id, at, type, detail) VALUES (?, ?, ?, ?)',
      environmentId,
      at,
      type,
      detail ?? null,
    );
    await this.#sqlite.run(
      `DELETE FROM environment_events WHERE id <= (SELECT max(id) FROM environment_events) - ${MAX_EVENTS}`,
    );
  }

  /** What happened to one environment, oldest first, at most the newest `limit`. */
  async eventsOf(environmentId: string, limit: number): Promise<EnvironmentEvent[]> {
    const rows = z
      .array(eventRow)
      .parse(
        await this.#sqlite.all(
          'SELECT environment_id, at, type, detail FROM environment_events WHERE environment_id = ? ORDER BY id DESC LIMIT ?',
          environmentId,
          limit,
        ),
      );
    return rows.reverse().map(({ at, type, detail }) => ({ at, type, detail: detail ?? undefined }));
  }

  async events(): Promise<EventRow[]> {
    return z
      .array(eventRow)
      .parse(
        await this.#sqlite.all('SELECT environment_id, at, type, detail FROM environment_events ORDER BY id'),
      );
  }

  async addSource(kind: SourceKind, location: string): Promise<void> {
    await this.#sqlite.run(
      'INSERT INTO sources (kind, location, added_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
      kind,
      location,
      Date.now(),
    );
  }

  /** Whether there was such a source. */
  async removeSource(kind: SourceKind, location: string): Promise<boolean> {
    return (
      (await this.#sqlite.run('DELETE FROM sources WHERE kind = ? AND location = ?', kind, location)) > 0
    );
  }

  async sources(): Promise<z.infer<typeof sourceRow>[]> {
    return z
      .array(sourceRow)
      .parse(await this.#sqlite.all('SELECT kind, location FROM sources ORDER BY added_at'));
  }

  close(): Promise<void> {
    return this.#sqlite.close();
  }
}

/** What SQLite says of a file that is not, or no longer, one of its own. */
const DAMAGED = new Set(['SQLITE_NOTADB', 'SQLITE_CORRUPT']);

/** Not set aside without asking: what belongs to previews that are not known is removed. */
function damaged(path: string, cause: unknown): VitrineError {
  return new VitrineError({
    code: 'STATE_DAMAGED',
    message: `${path}, where the companion keeps which previews there are, is damaged: ${(cause as Error).message}`,
    remedy:
      'Put a copy of it back; or move it away to begin anew: the previews of before are then forgotten and their databases removed.',
    status: 500,
    cause,
  });
}
