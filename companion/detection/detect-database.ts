import { join } from 'node:path';
import type { DatabaseEngine } from '#shared/identifiers.ts';
import { frameworkOf } from '../builder/devserver/frameworks.ts';
import { MAX_SOURCE_BYTES, readText } from '../worktrees/read-text.ts';
import type { PackageDirectory } from './package-directories.ts';
import { dependsOn, type PackageJson } from './package-json.ts';

export interface DetectedDatabase {
  engine: DatabaseEngine;
  /** One sentence. */
  reason: string;
}

const POSTGRES_CLIENTS = [
  'pg',
  'pg-promise',
  'postgres',
  '@prisma/adapter-pg',
  '@neondatabase/serverless',
  '@vercel/postgres',
  '@mikro-orm/postgresql',
];
const SQLITE_CLIENTS = [
  'sqlite3',
  'better-sqlite3',
  '@libsql/client',
  'sqlite',
  '@prisma/adapter-better-sqlite3',
  '@prisma/adapter-libsql',
  '@mikro-orm/sqlite',
];
/** Files in which a project says which engine it is made for, and where in them. */
const DECLARATIONS: [string, RegExp][] = [
  ['prisma/schema.prisma', /\bdatasource\s+\w+\s*\{[^}]*\bprovider\s*=\s*"(\w+)"/],
  ['schema.prisma', /\bdatasource\s+\w+\s*\{[^}]*\bprovider\s*=\s*"(\w+)"/],
  ['prisma/schema/schema.prisma', /\bdatasource\s+\w+\s*\{[^}]*\bprovider\s*=\s*"(\w+)"/],
  ['drizzle.config.ts', /\bdialect\s*:\s*['"](\w+)['"]/],
  ['drizzle.config.js', /\bdialect\s*:\s*['"](\w+)['"]/],
];
/** Their word for an engine; others are none that previews have. */
const ENGINES: ReadonlyMap<string, DatabaseEngine> = new Map([
  ['postgresql', 'postgres'],
  ['postgres', 'postgres'],
  ['sqlite', 'sqlite'],
  ['turso', 'sqlite'],
]);

/** Which database the project's packages and settings speak of; null where none does. */
export async function detectDatabase(directories: PackageDirectory[]): Promise<DetectedDatabase | null> {
  for (const { directory } of directories) {
    for (const [file, pattern] of DECLARATIONS) {
      const text = await readText(join(directory, file), { maxBytes: MAX_SOURCE_BYTES }).catch(() => '');
      const word = pattern.exec(text)?.[1];
      const engine = word === undefined ? undefined : ENGINES.get(word);
      if (engine !== undefined) return { engine, reason: `${file} says ${word}` };
    }
  }
  const has = (clients: string[]) => directories.some(({ pkg }) => pkg && dependsOn(pkg, ...clients));
  if (has(SQLITE_CLIENTS)) return { engine: 'sqlite', reason: 'an SQLite client was found' };
  return has(POSTGRES_CLIENTS) ? { engine: 'postgres', reason: 'a PostgreSQL client was found' } : null;
}

/** Whether a frontend's dev server is a backend as well: it renders pages, and asks a database for what is on them. */
export const isBackendToo = (pkg: PackageJson | null | undefined): boolean =>
  !!pkg && frameworkOf(pkg)?.needsServer === 'renders';
