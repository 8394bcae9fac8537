import { randomBytes } from 'node:crypto';
import { chmod, lchown, lstat, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import sqlite3 from 'sqlite3';
import { VitrineError } from '#shared/errors.ts';
import { podOwner } from '../runtimes/ownership.ts';
import { isInside } from '../worktrees/confine-path.ts';
import { cloneSqlite } from './clone-sqlite.ts';
import type { DatabaseProvider, DatabaseSpec, ProvisionedDatabase } from './database.ts';
import { detectTemplate } from './detect-template.ts';
import { withDatabase } from './sqlite-connection.ts';
import { configuredTemplate, type Template, templateError } from './template-file.ts';

/** Own directory: SQLite keeps its -wal and -shm files beside the database. */
const DIRECTORY = 'database';
const FILE = 'database.sqlite';
/** Larger scripts belong into a database file. */
const MAX_SCRIPT_BYTES = 256 * 1024 * 1024;

/** One database file for each environment, cloned from the project's. */
export const sqliteProvider: DatabaseProvider = {
  engine: 'sqlite',
  outletPort: null,
  accept: (_id, connection) => connection.destroy(),
  reset: async () => {},
  snapshot: async () => {},
  restore: async () => {},
  snapshots: async () => [],
  sweep: async () => {},
  close: async () => {},

  async provision(spec, signal): Promise<ProvisionedDatabase> {
    const path = databasePath(spec);
    const env = () => ({ DATABASE_URL: `file:${path}`, DATABASE_PATH: path });
    if (await lstat(path).catch(() => null))
      return { env, detail: 'the environment’s own, kept from before' };

    const directory = join(spec.dataDirectory, DIRECTORY);
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const partial = join(directory, `${randomBytes(6).toString('hex')}.partial`);
    try {
      const detail = await fill(partial, spec, signal);
      signal.throwIfAborted();
      // A clone has its template's permissions, which may be read-only.
      await chmod(partial, 0o600);
      await giveToPod(spec, [directory, partial]);
      await rename(partial, path);
      return { env, detail };
    } finally {
      for (const suffix of ['', '-wal', '-shm', '-journal']) await rm(partial + suffix, { force: true });
    }
  },

  async drop(spec) {
    databasePath(spec); // refuses a path that is not the environment's
    await rm(join(spec.dataDirectory, DIRECTORY), { recursive: true, force: true });
  },
};

function databasePath(spec: DatabaseSpec): string {
  const path = resolve(spec.dataDirectory, DIRECTORY, FILE);
  if (isInside(resolve(spec.dataDirectory), path) && resolve(spec.dataDirectory) === spec.dataDirectory)
    return path;
  throw new VitrineError({
    code: 'DATABASE_PATH_INVALID',
    message: `Expected an absolute data directory, got "${spec.dataDirectory}"`,
    remedy: 'Set VITRINE_HOME to an absolute path.',
  });
}

/** Writes the new database and returns the sentence that says from what. */
async function fill(path: string, spec: DatabaseSpec, signal: AbortSignal): Promise<string> {
  if (spec.template.dump) {
    const template = await configuredTemplate(spec, spec.template.dump);
    await fillFrom(template, path, signal);
    return template.kind === 'script' ? `made by ${template.name}` : `cloned from ${template.name}`;
  }
  const detected = await detectTemplate(spec);
  if (!detected) {
    await (await open(path, 'wx', 0o600)).close();
    return 'empty: the project has no database file to clone';
  }
  await fillFrom(detected, path, signal);
  return `cloned from ${detected.name}${detected.reason ? ` (${detected.reason})` : ''}`;
}

async function fillFrom(template: Template, path: string, signal: AbortSignal): Promise<void> {
  try {
    if (template.kind === 'script') await runScript(template, path, signal);
    else await cloneSqlite(template.path, path, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof VitrineError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw templateError(template.name, `could not be used: ${why}`, error);
  }
}

async function runScript(template: Template, path: string, signal: AbortSignal): Promise<void> {
  const script = await readFile(template.path, { encoding: 'utf8', signal });
  if (script.length > MAX_SCRIPT_BYTES) throw templateError(template.name, 'is larger than 256 MB');
  const mode = sqlite3.OPEN_READWRITE | sqlite3.OPEN_CREATE;
  await withDatabase(path, mode, script, signal, { mayAttach: false });
}

/** The pod may run as the worktree's owner while the companion is root. */
async function giveToPod(spec: DatabaseSpec, paths: string[]): Promise<void> {
  const owner = process.getuid?.() === 0 ? await podOwner(spec.worktree) : null;
  if (!owner || owner.uid === 0) return;
  for (const path of paths) await lchown(path, owner.uid, owner.gid);
}
