import { VitrineError } from '#shared/errors.ts';
import { databaseMissing } from '../snapshot-rules.ts';
import type { Admin } from './admin.ts';
import { type Label, type Names, readLabel } from './names.ts';
import { scramVerifier } from './scram.ts';
import { identifier, literal } from './sql.ts';

/** What one environment may have. */
const ROLE_CONNECTIONS = 50;
/** A small server has other work too. */
const LARGEST_SHARE = 3;
/** 7 MB take 40 ms either way, 127 MB take 300 ms as files. */
const LARGE_BYTES = 48 * 1024 * 1024;
const OBJECT_IN_USE = '55006';
const WRONG_OBJECT_TYPE = '42809';
const DEPENDENT_OBJECTS = '2BP01';
const ATTEMPTS = 3;

export interface FoundDatabase {
  name: string;
  bytes: number;
  label: Label;
}

/**
 * Makes, renames and removes databases and roles on a server, only ones that carry this state directory's label.
 * All names given are ours (see Names). Every method may be repeated after it was cut off at any point.
 */
export class Databases {
  readonly #admin: Admin;
  readonly #names: Names;
  readonly #signal: AbortSignal;

  constructor(admin: Admin, names: Names, signal: AbortSignal) {
    this.#admin = admin;
    this.#names = names;
    this.#signal = signal;
  }

  query(sql: string) {
    return this.#admin.query(sql, this.#signal);
  }

  /** A role that can log in and nothing more, with the password that belongs to its name. */
  async ensureRole(name: string, kind: Label['kind']): Promise<void> {
    const verifier = literal(await scramVerifier(this.#names.password(name)));
    const [existing] = await this.query(
      `SELECT shobj_description(oid, 'pg_authid') AS comment FROM pg_roles WHERE rolname = ${literal(name)}`,
    );
    if (existing) {
      this.#checkOurs(name, existing.comment ?? null);
      await this.query(`ALTER ROLE ${identifier(name)} PASSWORD ${verifier}`);
      return;
    }
    const share = Math.floor(this.#admin.facts.maxConnections / LARGEST_SHARE);
    const limit = Math.max(5, Math.min(ROLE_CONNECTIONS, share));
    // All other attributes (SUPERUSER, CREATEDB, …) are off unless named.
    await this.query(
      `CREATE ROLE ${identifier(name)} LOGIN CONNECTION LIMIT ${limit} PASSWORD ${verifier};
       COMMENT ON ROLE ${identifier(name)} IS ${this.#label({ kind })};
       ${this.#joinRole(name)}`,
    );
  }

  /** Removes a role; false when something on the server still belongs to it. */
  async dropRole(name: string): Promise<boolean> {
    try {
      // Waits for the disk, unlike other commits: after a crash nobody would look for a role that is back.
      await this.query(`SET LOCAL synchronous_commit = on; DROP ROLE IF EXISTS ${identifier(name)}`);
      return true;
    } catch (error) {
      if (codeOf(error) === DEPENDENT_OBJECTS) return false;
      throw error;
    }
  }

  /** Makes a database, empty or a copy of another of ours, that belongs to `owner` alone. */
  async create(
    name: string,
    owner: string,
    source: string | null,
    label: Omit<Label, 'vitrine'>,
  ): Promise<void> {
    const strategy = source === null ? '' : await this.#strategy(source);
    const template = identifier(source ?? 'template0');
    await this.drop(name);
    await this.#whenUnused(source, () =>
      this.query(
        `CREATE DATABASE ${identifier(name)} OWNER ${identifier(owner)} TEMPLATE ${template} ${strategy}`,
      ),
    );
    await this.query(
      `REVOKE ALL ON DATABASE ${identifier(name)} FROM PUBLIC;
       COMMENT ON DATABASE ${identifier(name)} IS ${this.#label(label)}`,
    );
  }

  /** Lets `member` do what `owner` may with what is in a clone. */
  async share(owner: string, member: string): Promise<void> {
    await this.query(`GRANT ${identifier(owner)} TO ${identifier(member)}`);
  }

  /**
   * Puts `next` in the place of `current` in one transaction, and removes what was there: whenever this is cut off,
   * one of the two has the name.
   */
  async replace(current: string, next: string): Promise<void> {
    const old = `${current}_old`;
    await this.drop(old);
    const isDone = (await this.find(next)) === null && (await this.find(current)) !== null;
    if (isDone) return;
    const exists = (await this.find(current)) !== null;
    const renames = [
      exists ? `ALTER DATABASE ${identifier(current)} RENAME TO ${identifier(old)}` : '',
      `ALTER DATABASE ${identifier(next)} RENAME TO ${identifier(current)}`,
    ];
    await this.#whenUnused(current, () => this.query(renames.filter(Boolean).join(';')));
    await this.drop(old);
  }

  /**
   * Keeps a database of `role` as it is, under another name: nobody connects to it any more, and it is the
   * administrator's. With `isRetired` the role cannot log in any more; it goes on owning what is inside.
   */
  async seal(
    name: string,
    sealed: string,
    { role, isRetired, ...label }: Omit<Label, 'vitrine' | 'role'> & { role: string; isRetired: boolean },
  ): Promise<void> {
    const isDone = (await this.find(name)) === null && (await this.find(sealed)) !== null;
    if (isDone) return;
    const database = identifier(name);
    const kept = isRetired ? { ...label, role } : label;
    await this.#whenUnused(name, () =>
      this.query(
        `${isRetired ? `ALTER ROLE ${identifier(role)} NOLOGIN;` : ''}
         ALTER DATABASE ${database} WITH ALLOW_CONNECTIONS false;
         ALTER DATABASE ${database} OWNER TO ${identifier(this.#admin.facts.role)};
         REVOKE ALL ON DATABASE ${database} FROM PUBLIC, ${identifier(role)};
         COMMENT ON DATABASE ${database} IS ${this.#label(kept)};
         ALTER DATABASE ${database} RENAME TO ${identifier(sealed)}`,
      ),
    );
  }

  async setLabel(name: string, label: Omit<Label, 'vitrine'>): Promise<void> {
    await this.query(`COMMENT ON DATABASE ${identifier(name)} IS ${this.#label(label)}`);
  }

  /** A database of ours by its name. Throws DATABASE_FOREIGN when there is one that is not ours. */
  async find(name: string): Promise<FoundDatabase | null> {
    const [row] = await this.query(`${SELECT_DATABASES} WHERE datname = ${literal(name)}`);
    if (!row) return null;
    const found = this.#read(row);
    if (!found) throw foreign(name);
    return found;
  }

  /** Throws DATABASE_MISSING. */
  async require(name: string, environmentId: string): Promise<FoundDatabase> {
    const found = await this.find(name);
    if (!found) throw databaseMissing(environmentId);
    return found;
  }

  /** All databases of ours whose name begins so. */
  async list(prefix: string): Promise<FoundDatabase[]> {
    const rows = await this.query(`${SELECT_DATABASES} WHERE starts_with(datname::text, ${literal(prefix)})`);
    return rows.map((row) => this.#read(row)).filter((each) => each !== null);
  }

  /** All roles of ours. */
  async roles(): Promise<{ name: string; label: Label }[]> {
    const rows = await this.query(
      `SELECT rolname AS name, shobj_description(oid, 'pg_authid') AS comment FROM pg_roles
       WHERE starts_with(rolname::text, ${literal(this.#names.prefix)})`,
    );
    return rows.flatMap(({ name, comment }) => {
      const label = readLabel(comment ?? null, this.#names.instance);
      return label && name ? [{ name, label }] : [];
    });
  }

  /** Removes a database of ours, with the connections to it. */
  async drop(name: string): Promise<void> {
    if (!(await this.find(name))) return;
    const drop = () => this.query(`DROP DATABASE IF EXISTS ${identifier(name)} WITH (FORCE)`);
    try {
      await drop();
    } catch (error) {
      // An owner may have marked it so.
      if (codeOf(error) !== WRONG_OBJECT_TYPE) throw error;
      await this.query(`ALTER DATABASE ${identifier(name)} WITH IS_TEMPLATE false`);
      await drop();
    }
  }

  /** Does what a database in use does not allow: what is still connected to it is ended, a few times at most. */
  async #whenUnused(name: string | null, work: () => Promise<unknown>): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      if (name !== null) await this.#disconnect(name);
      try {
        await work();
        return;
      } catch (error) {
        if (codeOf(error) !== OBJECT_IN_USE || attempt === ATTEMPTS) throw error;
      }
    }
  }

  /** Small ones are quicker through the log, which needs no checkpoint; large ones as files, written once. */
  async #strategy(source: string): Promise<string> {
    const { major, isSuperuser } = this.#admin.facts;
    if (major < 15 || !isSuperuser) return '';
    return ((await this.find(source))?.bytes ?? 0) > LARGE_BYTES ? 'STRATEGY file_copy' : '';
  }

  /** The server waits up to five seconds for these to be gone before it says that a database is in use. */
  async #disconnect(name: string): Promise<void> {
    await this.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ${literal(name)} AND pid <> pg_backend_pid()`,
    );
  }

  /** An administrator that is no superuser has rights on what belongs to a role only as its member. */
  #joinRole(name: string): string {
    const { isSuperuser, major } = this.#admin.facts;
    if (isSuperuser) return '';
    const options = major >= 16 ? 'WITH INHERIT TRUE, SET TRUE' : '';
    return `GRANT ${identifier(name)} TO CURRENT_USER ${options}`;
  }

  #label(label: Omit<Label, 'vitrine'>): string {
    return literal(JSON.stringify({ vitrine: this.#names.instance, ...label }));
  }

  #checkOurs(name: string, comment: string | null): void {
    if (!readLabel(comment, this.#names.instance)) throw foreign(name);
  }

  /** An environment's role can change the comment on its database, but not the one on itself: either will do. */
  #read(row: Record<string, string | null>): FoundDatabase | null {
    const label =
      readLabel(row.comment ?? null, this.#names.instance) ??
      readLabel(row.owner ?? null, this.#names.instance);
    return label && row.name ? { name: row.name, bytes: Number(row.bytes), label } : null;
  }
}

const SELECT_DATABASES = `SELECT datname AS name, pg_database_size(oid)::text AS bytes,
  shobj_description(oid, 'pg_database') AS comment, shobj_description(datdba, 'pg_authid') AS owner FROM pg_database`;

const codeOf = (error: unknown) => (error as { code?: unknown }).code;

function foreign(name: string): VitrineError {
  return new VitrineError({
    code: 'DATABASE_FOREIGN',
    message: `There is something named ${name} on the server that this companion did not make`,
    remedy: 'Rename or remove it on the server; Vitrine leaves it alone.',
    status: 409,
  });
}
