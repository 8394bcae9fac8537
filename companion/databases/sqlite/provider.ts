import { lstat, open, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { VitrineError } from '#shared/errors.ts';
import type {
  DatabaseProvider,
  DatabaseSpec,
  DatabaseUsage,
  ProvisionedDatabase,
  Snapshot,
} from '../database.ts';
import { databaseMissing } from '../snapshot-rules.ts';
import { hasCommands } from '../templates/commands.ts';
import { configuredTemplate } from '../templates/file.ts';
import { commandsText, type OwnCommands, ownCommands, ownCommandsFailed } from '../templates/own-commands.ts';
import { Turns } from '../turns.ts';
import { detectTemplate } from './detect.ts';
import { fillFrom } from './fill.ts';
import { DatabasePlace } from './place.ts';
import { SqliteSnapshots } from './snapshots.ts';
import { SqliteTemplates } from './templates.ts';

/** One database file for each environment, cloned from the project's. */
export class SqliteProvider implements DatabaseProvider {
  readonly engine = 'sqlite';
  readonly outletPort = null;
  readonly #templates: SqliteTemplates;
  readonly #snapshots: SqliteSnapshots;
  readonly #turns = new Turns();

  /** `directory` is private to the companion: templates and snapshots are kept there. */
  constructor({ directory }: { directory: string }) {
    this.#templates = new SqliteTemplates(join(directory, 'templates'));
    this.#snapshots = new SqliteSnapshots(join(directory, 'snapshots'));
  }

  accept(_environmentId: string, connection: Duplex): void {
    connection.destroy();
  }

  provision(spec: DatabaseSpec, signal: AbortSignal): Promise<ProvisionedDatabase> {
    return this.#turns.take(spec.environmentId, async () => {
      const place = new DatabasePlace(spec);
      const { file } = place;
      const env = () => ({ DATABASE_URL: `file:${file}`, DATABASE_PATH: file });
      if (await place.recover()) return { env, detail: 'the environment’s own, kept from before' };
      return { env, detail: await this.#make(spec, place, signal) };
    });
  }

  drop(spec: DatabaseSpec): Promise<void> {
    return this.#turns.take(spec.environmentId, async () => {
      await new DatabasePlace(spec).remove();
      await this.#snapshots.remove(spec.environmentId);
    });
  }

  reset(spec: DatabaseSpec, signal: AbortSignal): Promise<void> {
    return this.#turns.take(spec.environmentId, async () => {
      await this.#make(spec, new DatabasePlace(spec), signal);
    });
  }

  snapshot(spec: DatabaseSpec, name: string, signal: AbortSignal): Promise<void> {
    return this.#turns.take(spec.environmentId, async () => {
      const place = new DatabasePlace(spec);
      if (!(await place.recover())) throw databaseMissing(spec.environmentId);
      await this.#snapshots.take(spec.environmentId, name, await place.realFile(), signal);
    });
  }

  restore(spec: DatabaseSpec, name: string, signal: AbortSignal): Promise<void> {
    return this.#turns.take(spec.environmentId, () =>
      new DatabasePlace(spec).replace((file) => this.#snapshots.copy(spec.environmentId, name, file), signal),
    );
  }

  forget(spec: DatabaseSpec, name: string): Promise<void> {
    return this.#turns.take(spec.environmentId, () => this.#snapshots.forget(spec.environmentId, name));
  }

  snapshots(spec: DatabaseSpec): Promise<Snapshot[]> {
    return this.#snapshots.list(spec.environmentId);
  }

  async usage(spec: DatabaseSpec): Promise<DatabaseUsage | null> {
    const { file } = new DatabasePlace(spec);
    const sizes = await Promise.all(['', '-wal'].map((suffix) => lstat(file + suffix).catch(() => null)));
    if (!sizes[0]) return null;
    const snapshots = await this.snapshots(spec);
    return {
      bytes: sizes.reduce((sum, each) => sum + (each?.size ?? 0), 0),
      snapshotBytes: snapshots.reduce((sum, { bytes }) => sum + bytes, 0),
    };
  }

  async sweep(known: ReadonlySet<string>): Promise<void> {
    await Promise.all([this.#templates.sweep(), this.#snapshots.sweep(known)]);
  }

  async close(): Promise<void> {}

  /** Makes the database anew and returns the sentence that says from what. */
  async #make(spec: DatabaseSpec, place: DatabasePlace, signal: AbortSignal): Promise<string> {
    const { fill, detail } = await this.#source(spec, signal);
    await place.replace(fill, signal);
    return detail;
  }

  async #source(spec: DatabaseSpec, signal: AbortSignal): Promise<Source> {
    const { migrate, seed, dump } = spec.template;
    const template = dump === undefined ? null : await configuredTemplate(spec, dump, 'sqlite');
    if (hasCommands(spec) || template?.kind === 'script') {
      const { path, built } = await this.#templates.get(spec, template, signal);
      const made = { kind: 'database' as const, path: await realpath(path), name: 'the project’s template' };
      const parts = [dump, migrate, seed].filter((part) => part !== undefined).join(', then ');
      return {
        fill: (file) => fillFrom(made, file, signal),
        detail: madeBy(parts, built),
      };
    }
    const found = template ? { ...template, reason: null } : await detectTemplate(spec);
    // A backend that was started before its migrations leaves such a file.
    const isBare = found !== null && template === null && (await stat(found.path)).size === 0;
    const own = found === null || isBare ? await ownCommands(spec) : null;
    if (own) return this.#ownSource(own, spec, signal);
    if (found) {
      const reason = found.reason ? ` (${found.reason})` : '';
      return { fill: (file) => fillFrom(found, file, signal), detail: `cloned from ${found.name}${reason}` };
    }
    return { fill: createEmpty, detail: EMPTY };
  }

  async #ownSource(own: OwnCommands, spec: DatabaseSpec, signal: AbortSignal): Promise<Source> {
    try {
      const { path, built } = await this.#templates.get({ ...spec, template: own.template }, null, signal);
      const made = { kind: 'database' as const, path: await realpath(path), name: 'the project’s template' };
      const isEmpty = (await stat(path)).size === 0;
      // They filled a file of the worktree, whose name is written into the project: the next attempt needs its own.
      if (isEmpty) await this.#templates.forget(path);
      return isEmpty
        ? { fill: createEmpty, detail: `empty: ${commandsText(own)} wrote elsewhere` }
        : { fill: (file) => fillFrom(made, file, signal), detail: madeBy(commandsText(own), built) };
    } catch (error) {
      signal.throwIfAborted();
      // Nobody asked for them: what they cannot do is no reason to show nothing.
      if (!(error instanceof VitrineError) || error.code !== 'DATABASE_TEMPLATE_FAILED') throw error;
      return { fill: createEmpty, detail: ownCommandsFailed(own) };
    }
  }
}

const EMPTY = 'empty: the project has no database file to clone';

const madeBy = (parts: string, wasBuilt: boolean): string =>
  wasBuilt ? `cloned from a template just made by ${parts}` : `cloned from the template made by ${parts}`;

/** What a database is made from. */
interface Source {
  fill(file: string): Promise<void>;
  /** The sentence that says so. */
  detail: string;
}

async function createEmpty(file: string): Promise<void> {
  await (await open(file, 'wx', 0o600)).close();
}
