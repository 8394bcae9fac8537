/**
 * Where projects keep what their template is made from, relative to the worktree and to each of its packages. Their
 * change makes the template anew, unless `template.files` names others.
 */
export const DEFAULT_PLACES = [
  'migrations',
  'seeds',
  'seeders',
  'prisma',
  'drizzle',
  'db',
  'database',
  'sql',
  'supabase/migrations',
  'supabase/seed.sql',
  'src/migrations',
  'src/seeds',
  'src/db',
  'src/database',
  'src/drizzle',
  'lib/db',
  'schema.sql',
  'seed.sql',
  'seed.ts',
  'seed.js',
  'seed.mjs',
  'schema.prisma',
  'prisma.config.ts',
  'drizzle.config.ts',
  'drizzle.config.js',
  'knexfile.js',
  'knexfile.cjs',
  'knexfile.mjs',
  'knexfile.ts',
  'ormconfig.json',
  'ormconfig.js',
  'ormconfig.ts',
  'mikro-orm.config.js',
  'mikro-orm.config.ts',
  '.sequelizerc',
] as const;

/** What is made rather than written, and databases, which change with every use. */
const IGNORED_DIRECTORIES = new Set([
  'node_modules',
  '.git',
  'generated',
  'dist',
  'build',
  'coverage',
  'pgdata',
]);
const IGNORED_FILES = /\.(?:db|db3|sqlite|sqlite3|log)(?:-(?:wal|shm|journal))?$/i;

/** Whether an entry found below a default place counts. */
export function isInput(name: string, isDirectory: boolean): boolean {
  return isDirectory ? !IGNORED_DIRECTORIES.has(name) : !IGNORED_FILES.test(name);
}
