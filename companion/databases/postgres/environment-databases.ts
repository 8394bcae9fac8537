import { VitrineError } from '#shared/errors.ts';
import type { DatabaseSpec, DatabaseUsage, Snapshot } from '../database.ts';
import { checkSnapshotCount, checkSnapshotName, snapshotUnknown } from '../snapshot-rules.ts';
import {
  commandsText,
  emptyBecause,
  type OwnCommands,
  ownCommands,
  ownCommandsFailed,
} from '../templates/own-commands.ts';
import { Databases } from './databases.ts';
import type { Gate } from './gate/gate.ts';
import type { Names } from './names.ts';
import type { PostgresServer } from './server.ts';
import { type PostgresTemplate, PostgresTemplates } from './templates.ts';

const BUSY = 'the database is being put back or copied';
const CLEAN_DEADLINE_MS = 60_000;
/** What a replacement that was cut off leaves. */
const HALF_MADE = /_(?:new|old|copy)$/;

const madeBy = (parts: string, wasBuilt: boolean): string =>
  wasBuilt ? `cloned from a template just made by ${parts}` : `cloned from the template made by ${parts}`;

/** Which environments there are. */
export interface Census {
  /** What belongs to others is removed when a server is first used. */
  readonly known: ReadonlySet<string>;
  /** Told when that was done. */
  onCleaned(server: string): Promise<void>;
}

/** The databases of environments on one server. */
export class EnvironmentDatabases {
  readonly server: PostgresServer;
  readonly #names: Names;
  readonly #gate: Gate;
  readonly #templates: PostgresTemplates;
  readonly #census: Census;
  #cleaned: Promise<void> | undefined;

  constructor(server: PostgresServer, names: Names, gate: Gate, census: Census) {
    this.server = server;
    this.#names = names;
    this.#gate = gate;
    this.#census = census;
    this.#templates = new PostgresTemplates(server, names, gate);
  }

  /** Makes the database unless it exists, lets the environment in, and says what it was made from. */
  async provision(spec: DatabaseSpec, signal: AbortSignal): Promise<string> {
    const name = this.#names.environment(spec.environmentId);
    const isKept = await this.#run(signal, async (databases) => {
      if (!(await databases.find(name))) return false;
      await databases.ensureRole(name, 'environment');
      return true;
    });
    const detail = isKept
      ? 'the environment’s own, kept from before'
      : await this.#make(name, name, spec, signal);
    this.#gate.grant(spec.environmentId, { server: this.server, database: name, role: name });
    return detail;
  }

  async reset(spec: DatabaseSpec, signal: AbortSignal): Promise<void> {
    const name = this.#names.environment(spec.environmentId);
    await this.#make(`${name}_new`, name, spec, signal);
    await this.#replace(spec, name, signal);
  }

  async snapshot(spec: DatabaseSpec, snapshot: string, signal: AbortSignal): Promise<void> {
    checkSnapshotName(snapshot);
    const name = this.#names.environment(spec.environmentId);
    const kept = this.#names.snapshot(spec.environmentId, snapshot);
    await this.#run(signal, async (databases) => {
      checkSnapshotCount(snapshot, await this.#list(databases, spec));
      await databases.require(name, spec.environmentId);
      const unblock = this.#gate.block(spec.environmentId, BUSY);
      try {
        await databases.create(`${kept}_copy`, name, name, { kind: 'snapshot' });
      } finally {
        unblock();
      }
      const label = { kind: 'snapshot' as const, name: snapshot, at: Date.now() };
      await databases.seal(`${kept}_copy`, `${kept}_new`, { ...label, role: name, isRetired: false });
      await databases.replace(kept, `${kept}_new`);
    });
  }

  async restore(spec: DatabaseSpec, snapshot: string, signal: AbortSignal): Promise<void> {
    const name = this.#names.environment(spec.environmentId);
    const kept = this.#names.snapshot(spec.environmentId, snapshot);
    await this.#run(signal, async (databases) => {
      if (!(await databases.find(kept))) throw snapshotUnknown(snapshot, await this.#list(databases, spec));
      await databases.ensureRole(name, 'environment');
      await databases.create(`${name}_new`, name, kept, { kind: 'environment' });
    });
    await this.#replace(spec, name, signal);
  }

  forget(spec: DatabaseSpec, snapshot: string, signal: AbortSignal): Promise<void> {
    const kept = this.#names.snapshot(spec.environmentId, snapshot);
    return this.#run(signal, async (databases) => {
      if (!(await databases.find(kept))) throw snapshotUnknown(snapshot, await this.#list(databases, spec));
      await databases.drop(kept);
    });
  }

  snapshots(spec: DatabaseSpec, signal: AbortSignal): Promise<Snapshot[]> {
    return this.#run(signal, (databases) => this.#list(databases, spec));
  }

  usage(spec: DatabaseSpec, signal: AbortSignal): Promise<DatabaseUsage | null> {
    return this.#run(signal, async (databases) => {
      const found = await databases.find(this.#names.environment(spec.environmentId));
      if (!found) return null;
      const snapshots = await this.#list(databases, spec);
      return { bytes: found.bytes, snapshotBytes: snapshots.reduce((sum, { bytes }) => sum + bytes, 0) };
    });
  }

  /** Removes database, snapshots and role of an environment. */
  drop(environmentId: string, signal: AbortSignal): Promise<void> {
    this.#gate.remove(environmentId);
    return this.#run(signal, (databases) => this.#drop(databases, this.#names.environment(environmentId)));
  }

  /** Removes what is left of environments that are gone and of what a crash cut off. Done once. */
  clean(signal: AbortSignal): Promise<void> {
    return this.#run(signal, async () => undefined);
  }

  /** Lets the next use clean again: something could not be removed. */
  forgetCleaning(): void {
    this.#cleaned = undefined;
  }

  close(): Promise<void> {
    return this.server.close();
  }

  async #make(database: string, role: string, spec: DatabaseSpec, signal: AbortSignal): Promise<string> {
    const { template: found, detail } = await this.#source(spec, signal);
    await this.#run(signal, async (databases) => {
      // With what belongs to it: commits do not wait for the disk, and a crash in between may lose the role.
      await databases.ensureRole(role, 'environment');
      // The role is a member before it owns the clone: else a start that was cut off here would keep a database
      // whose tables it may not touch.
      if (found) await databases.share(found.role, role);
      await databases.create(database, role, found?.database ?? null, { kind: 'environment' });
    });
    return detail;
  }

  /** What a database is cloned from, null for an empty one, and the sentence that says so. */
  async #source(
    spec: DatabaseSpec,
    signal: AbortSignal,
  ): Promise<{ template: PostgresTemplate | null; detail: string }> {
    const own = await ownCommands(spec);
    if (own) return this.#ownSource(own, spec, signal);
    const found = await this.#templates.get(spec, signal);
    if (!found) return { template: null, detail: await emptyBecause(spec) };
    const { dump, migrate, seed } = spec.template;
    const parts = [dump, migrate, seed].filter((part) => part !== undefined).join(', then ');
    return { template: found.template, detail: madeBy(parts, found.built) };
  }

  async #ownSource(own: OwnCommands, spec: DatabaseSpec, signal: AbortSignal) {
    try {
      const found = await this.#templates.get({ ...spec, template: own.template }, signal);
      return { template: found?.template ?? null, detail: madeBy(commandsText(own), found?.built ?? false) };
    } catch (error) {
      signal.throwIfAborted();
      // Nobody asked for them: what they cannot do is no reason to show nothing.
      if (!(error instanceof VitrineError) || error.code !== 'DATABASE_TEMPLATE_FAILED') throw error;
      return { template: null, detail: ownCommandsFailed(own) };
    }
  }

  async #replace(spec: DatabaseSpec, name: string, signal: AbortSignal): Promise<void> {
    const unblock = this.#gate.block(spec.environmentId, BUSY);
    try {
      await this.#run(signal, (databases) => databases.replace(name, `${name}_new`));
    } finally {
      unblock();
    }
  }

  async #list(databases: Databases, spec: DatabaseSpec): Promise<Snapshot[]> {
    const found = await databases.list(`${this.#names.environment(spec.environmentId)}_s`);
    return found
      .flatMap(({ name, label, bytes }) =>
        label.name !== undefined && label.at !== undefined && !HALF_MADE.test(name)
          ? [{ name: label.name, createdAt: label.at, bytes }]
          : [],
      )
      .sort((a, b) => b.createdAt - a.createdAt);
  }

  async #drop(databases: Databases, name: string): Promise<void> {
    for (const found of await databases.list(name)) await databases.drop(found.name);
    await databases.dropRole(name);
    await this.#dropUnusedRoles(databases);
  }

  /** Roles of templates that are gone, as soon as no clone holds what they own. */
  async #dropUnusedRoles(databases: Databases): Promise<void> {
    // In this order: a build that ends meanwhile is in the last of the three.
    const roles = await databases.roles();
    const building = this.#templates.building;
    const templates = await databases.list(this.#names.template(''));
    const used = new Set(templates.map(({ label }) => label.role));
    for (const { name, label } of roles)
      if (label.kind === 'build' && !used.has(name) && !building.has(name)) await databases.dropRole(name);
  }

  async #run<T>(signal: AbortSignal, work: (databases: Databases) => Promise<T>): Promise<T> {
    return this.server.run(signal, async (admin) => {
      if (!this.#cleaned) {
        // Others wait for it: it is not ended by whoever came first.
        const cleaning = this.#clean(
          new Databases(admin, this.#names, AbortSignal.timeout(CLEAN_DEADLINE_MS)),
        );
        this.#cleaned = cleaning;
        cleaning.catch(() => {
          this.#cleaned = undefined;
        });
      }
      await this.#cleaned;
      return work(new Databases(admin, this.#names, signal));
    });
  }

  async #clean(databases: Databases): Promise<void> {
    const known = new Set([...this.#census.known].map((id) => this.#names.environment(id)));
    const length = this.#names.environment('').length;
    for (const { name } of await databases.list(this.#names.prefix)) {
      const isTemplate = name.startsWith(this.#names.template(''));
      const isHalf = HALF_MADE.test(name) || name.startsWith(this.#names.build(''));
      if (!isTemplate && (isHalf || !known.has(name.slice(0, length)))) await databases.drop(name);
    }
    for (const { name, label } of await databases.roles())
      if (label.kind === 'environment' && !known.has(name)) await databases.dropRole(name);
    await this.#dropUnusedRoles(databases);
    await this.#census.onCleaned(this.server.id);
  }
}
