import type { Failure } from '#shared/api/environment.ts';
import type { DatabaseProvider, DatabaseSpec, DatabaseUsage } from '../databases/database.ts';

const INTERVAL_MS = 10_000;
const READ_DEADLINE_MS = 5_000;
const BYTES_PER_MB = 1024 * 1024;

export interface DatabaseQuotaParts {
  provider: Pick<DatabaseProvider, 'usage'>;
  spec: DatabaseSpec;
  /** `resource_limits.disk_mb` */
  limitMb: number;
  /** While it does not, its database does not grow either, and a server without work may go to sleep. */
  isRunning(): boolean;
  /** Told once. */
  onExceeded(failure: Failure): void;
  intervalMs?: number;
}

/** Looks after the size of a database that a server keeps, where the limit of the sandbox's own files does not reach. */
export class DatabaseQuota {
  readonly #parts: DatabaseQuotaParts;
  readonly #closing = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #isBusy = false;

  constructor(parts: DatabaseQuotaParts) {
    this.#parts = parts;
    this.#timer = setInterval(() => void this.#look(), parts.intervalMs ?? INTERVAL_MS);
    this.#timer.unref();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#closing.abort(new Error('The preview was stopped.'));
  }

  async #look(): Promise<void> {
    if (this.#isBusy || !this.#parts.isRunning()) return; // a server that is slow to answer is not asked twice
    this.#isBusy = true;
    const usage = await this.#usage();
    this.#isBusy = false;
    const { spec, limitMb, onExceeded } = this.#parts;
    if (this.#closing.signal.aborted || !usage) return;
    const usedMb = (usage.bytes + usage.snapshotBytes) / BYTES_PER_MB;
    if (usedMb <= limitMb) return;
    this.close();
    onExceeded(databaseTooLarge(spec.environmentId, usedMb, limitMb));
  }

  async #usage(): Promise<DatabaseUsage | null> {
    const { provider, spec } = this.#parts;
    try {
      const deadline = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(READ_DEADLINE_MS)]);
      return await provider.usage(spec, deadline);
    } catch {
      return null; // a server that does not answer is the services' trouble, and told by them; it is asked again
    }
  }
}

const databaseTooLarge = (id: string, usedMb: number, limitMb: number): Failure => ({
  code: 'DATABASE_TOO_LARGE',
  message: `The database and its snapshots take ${Math.ceil(usedMb)} MB, more than the ${limitMb} MB of disk that the preview may use.`,
  remedy: `Put it back with: vitrine db reset ${id}, or raise isolation.backend.resource_limits.disk_mb in .vibe-kanban/environment.yaml; then restart the preview.`,
});
