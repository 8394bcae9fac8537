import { randomBytes } from 'node:crypto';
import type { CommandEnvironment, DatabaseSpec } from '../database.ts';
import { Builds } from '../templates/builds.ts';
import { hasCommands, runTemplateCommands } from '../templates/commands.ts';
import { configuredTemplate, type Template } from '../templates/file.ts';
import { templateKey } from '../templates/key.ts';
import { connectionEnvironment } from './connection-environment.ts';
import { Databases } from './databases.ts';
import type { Gate } from './gate/gate.ts';
import type { Names } from './names.ts';
import { runScript } from './script/run.ts';
import type { PostgresServer } from './server.ts';

/** One for each state of a project's migrations; the least recently used go. */
const MAX_TEMPLATES = 20;
/** Writing down every use would cost a commit each time. */
const USE_PRECISION_MS = 10 * 60_000;
const CLEAN_UP_DEADLINE_MS = 60_000;

/** A database to clone, and the role that owns what is in it. */
export interface PostgresTemplate {
  database: string;
  role: string;
}

/** The templates on one server. */
export class PostgresTemplates {
  readonly #server: PostgresServer;
  readonly #names: Names;
  readonly #gate: Gate;
  readonly #builds = new Builds<PostgresTemplate>();
  readonly #building = new Set<string>();

  constructor(server: PostgresServer, names: Names, gate: Gate) {
    this.#server = server;
    this.#names = names;
    this.#gate = gate;
  }

  /** Names of the roles of builds that are going on. */
  get building(): ReadonlySet<string> {
    return new Set(this.#building);
  }

  /** The template of the project as it is, built if need be; null when the project names nothing to make one of. */
  async get(
    spec: DatabaseSpec,
    signal: AbortSignal,
  ): Promise<{ template: PostgresTemplate; built: boolean } | null> {
    const { dump: path } = spec.template;
    if (path === undefined && !hasCommands(spec)) return null;
    const dump = path === undefined ? null : await configuredTemplate(spec, path, 'postgres');
    // A server of the user's keeps its databases when its version changes.
    const key = await templateKey(spec, 'postgres', dump, signal);
    return this.#builds.get(
      key,
      signal,
      () => this.#find(key, signal),
      () => this.#build(key, spec, dump, signal),
    );
  }

  #find(key: string, signal: AbortSignal): Promise<PostgresTemplate | null> {
    return this.#server.run(signal, async (admin) => {
      const databases = new Databases(admin, this.#names, signal);
      const found = await databases.find(this.#names.template(key));
      if (!found?.label.role) return null;
      const { label, name } = found;
      if (Date.now() - (label.at ?? 0) > USE_PRECISION_MS)
        await databases.setLabel(name, { ...label, at: Date.now() });
      return { database: name, role: found.label.role };
    });
  }

  async #build(
    key: string,
    spec: DatabaseSpec,
    dump: Template | null,
    signal: AbortSignal,
  ): Promise<PostgresTemplate> {
    const build = this.#names.build(randomBytes(6).toString('hex'));
    this.#building.add(build);
    try {
      await this.#server.run(signal, async (admin) => {
        const databases = new Databases(admin, this.#names, signal);
        await databases.ensureRole(build, 'build');
        await databases.create(build, build, null, { kind: 'build' });
      });
      // A script or a command that was cut off cannot begin again on what it left.
      await this.#server.keepRunning(signal, () => this.#fill(build, spec, dump, signal));
      return await this.#server.run(signal, async (admin) => {
        const databases = new Databases(admin, this.#names, signal);
        const database = this.#names.template(key);
        await databases.seal(build, database, {
          kind: 'template',
          role: build,
          isRetired: true,
          at: Date.now(),
        });
        await this.#removeOldest(databases, database);
        return { database, role: build };
      });
    } catch (error) {
      await this.#remove(build).catch(() => undefined); // the next use of this server cleans up
      throw error;
    } finally {
      this.#building.delete(build);
    }
  }

  async #fill(build: string, spec: DatabaseSpec, dump: Template | null, signal: AbortSignal): Promise<void> {
    const login = { user: build, password: this.#names.password(build), database: build };
    if (dump) await runScript(dump, { ...(await this.#server.client(signal)), ...login }, signal);
    if (!hasCommands(spec)) return;
    const env: CommandEnvironment = (port) => connectionEnvironment(login, port);
    const revoke = this.#gate.grant(spec.environmentId, {
      server: this.#server,
      database: build,
      role: build,
    });
    try {
      await runTemplateCommands(spec, env, signal);
    } finally {
      revoke();
    }
  }

  #remove(build: string): Promise<void> {
    const signal = AbortSignal.timeout(CLEAN_UP_DEADLINE_MS);
    return this.#server.run(signal, async (admin) => {
      const databases = new Databases(admin, this.#names, signal);
      await databases.drop(build);
      await databases.dropRole(build);
    });
  }

  async #removeOldest(databases: Databases, newest: string): Promise<void> {
    const all = (await databases.list(this.#names.template(''))).filter(({ name }) => name !== newest);
    const oldest = all.sort((a, b) => (b.label.at ?? 0) - (a.label.at ?? 0)).slice(MAX_TEMPLATES - 1);
    for (const { name, label } of oldest) {
      await databases.drop(name);
      // Clones may still hold what it owns; it goes with the last of them.
      if (label.role) await databases.dropRole(label.role);
    }
  }
}
