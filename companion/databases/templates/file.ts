import { open, realpath, stat } from 'node:fs/promises';
import { extname, isAbsolute, join, relative } from 'node:path';
import { VitrineError } from '#shared/errors.ts';
import { isInside } from '../../worktrees/is-inside.ts';
import type { DatabaseSpec } from '../database.ts';

/** First bytes of every SQLite database that is not empty (sqlite.org/fileformat.html, 1.3). */
const MAGIC = Buffer.from('SQLite format 3\0', 'latin1');
/** First bytes of pg_dump's custom format. */
const ARCHIVE_MAGIC = Buffer.from('PGDMP', 'latin1');

/** The file an environment's database is made from. */
export interface Template {
  kind: 'database' | 'script';
  /** Absolute, symbolic links resolved. */
  path: string;
  /** As people know it: relative to the worktree or the main checkout. */
  name: string;
}

/** Whether a file is an SQLite database. An empty one is: SQLite writes nothing before the first table. */
export async function isSqliteFile(path: string): Promise<boolean> {
  const start = await firstBytes(path);
  return start.length === 0 || start.equals(MAGIC);
}

async function firstBytes(path: string): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(MAGIC.length), 0, MAGIC.length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/**
 * Resolves the configured template. It must lie in the worktree or the main checkout, links followed: the
 * configuration is part of the attempt, and what it names is copied to where the attempt can read it.
 */
export async function configuredTemplate(
  spec: Pick<DatabaseSpec, 'worktree' | 'mainCheckout'>,
  dump: string,
  engine: 'sqlite' | 'postgres',
): Promise<Template> {
  for (const directory of [spec.worktree, spec.mainCheckout]) {
    const path = await confined(directory, dump);
    if (!path) continue;
    const isScript = extname(path).toLowerCase() === '.sql';
    if (engine === 'postgres') await checkScript(path, dump, isScript);
    else if (!isScript && !(await isSqliteFile(path)))
      throw templateError(dump, 'is not an SQLite database, and its name does not end in .sql');
    return { kind: isScript ? 'script' : 'database', path, name: dump };
  }
  throw templateError(dump, 'is not a file in the worktree or the main checkout');
}

async function checkScript(path: string, name: string, isScript: boolean): Promise<void> {
  const start = await firstBytes(path);
  if (start.subarray(0, ARCHIVE_MAGIC.length).equals(ARCHIVE_MAGIC)) {
    throw templateError(
      name,
      'is in pg_dump’s custom format, which needs pg_restore',
      undefined,
      `Make a script of it with: pg_restore --no-owner -f dump.sql ${name}; or dump with pg_dump --format=plain.`,
    );
  }
  if (!isScript) throw templateError(name, 'is not an .sql script, the only kind of dump for postgres');
}

/** Real path of a file below a directory, or null when there is none or it lies elsewhere. */
export async function confined(directory: string, path: string): Promise<string | null> {
  if (isAbsolute(path)) return null;
  try {
    const [root, real] = await Promise.all([realpath(directory), realpath(join(directory, path))]);
    const isOurs = isInside(root, real) && !relative(root, real).split('/').includes('.git');
    return isOurs && (await stat(real)).isFile() ? real : null;
  } catch {
    return null;
  }
}

const REMEDY =
  'Name an SQLite database file (engine sqlite) or an .sql script, relative to the worktree or the main checkout, in isolation.backend.database.template.dump.';

export function templateError(name: string, what: string, cause?: unknown, remedy = REMEDY): VitrineError {
  return new VitrineError({
    code: 'DATABASE_TEMPLATE_INVALID',
    message: `The database template "${name}" ${what}`,
    remedy,
    status: 422,
    cause,
  });
}
