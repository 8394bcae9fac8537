import { lstat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { type PackageDirectory, packageDirectories } from '../../detection/package-directories.ts';

interface Tool {
  /** A file that tells of it. */
  mark: string;
  name: string;
  migrate: string;
  /** Run in place of `migrate` where this is not there. */
  without?: [place: string, migrate: string];
  /** Fills the tables, where this is there. */
  seed?: [place: string, seed: string];
}

const drizzle = (mark: string): Tool => ({ mark, name: 'Drizzle', migrate: 'drizzle-kit migrate' });
const knex = (mark: string): Tool => ({
  mark,
  name: 'Knex',
  migrate: 'knex migrate:latest',
  seed: ['seeds', 'knex seed:run'],
});
/** Marks of migration tools and what is usually run with them, the surest first. */
const TOOLS: Tool[] = [
  {
    mark: 'prisma/schema.prisma',
    name: 'Prisma',
    migrate: 'prisma migrate deploy',
    without: ['prisma/migrations', 'prisma db push'],
  },
  drizzle('drizzle.config.ts'),
  drizzle('drizzle.config.js'),
  ...['knexfile.js', 'knexfile.ts', 'knexfile.cjs', 'knexfile.mjs'].map(knex),
  {
    mark: '.sequelizerc',
    name: 'Sequelize',
    migrate: 'sequelize-cli db:migrate',
    seed: ['seeders', 'sequelize-cli db:seed:all'],
  },
];
const MIGRATE_SCRIPTS = [
  'db:migrate',
  'migrate',
  'migrate:deploy',
  'migrate:latest',
  'migration:run',
  'migrations:run',
  'db:push',
];
const SEED_SCRIPTS = ['db:seed', 'seed', 'seed:run', 'db:seed:all'];
/** What asks questions, or takes something away. */
const UNFIT = /\bmigrate dev\b|\b(?:reset|rollback|revert|drop|fresh|down|generate|create)\b/;

export interface Migration {
  /** What was found: `a script "migrate"`. */
  tool: string;
  migrate: string;
  seed?: string;
}

export interface MigrationPlace {
  worktree: string;
  /** Where commands run; the worktree unless told. */
  commandDirectory?: string;
}

/** Which commands would fill an empty database, or null: the project's scripts for that, or those of its tool. */
export async function findMigration({
  worktree,
  commandDirectory = worktree,
}: MigrationPlace): Promise<Migration | null> {
  for (const each of await packageDirectories(worktree)) {
    const found = (await byScript(worktree, each)) ?? (await byTool(worktree, each));
    if (!found) continue;
    const way = relative(commandDirectory, each.directory);
    const there = (command: string) => (way ? `cd ${way} && ${command}` : command);
    const seed = found.seed ?? scriptOf(each, SEED_SCRIPTS);
    return {
      tool: found.tool,
      migrate: there(found.migrate),
      ...(seed !== undefined && { seed: there(seed) }),
    };
  }
  return null;
}

async function byScript(worktree: string, each: PackageDirectory): Promise<Migration | null> {
  const migrate = scriptOf(each, MIGRATE_SCRIPTS);
  if (migrate === undefined) return null;
  const place = relative(worktree, each.directory);
  const script = migrate.slice('npm run '.length);
  const seed = scriptOf(each, SEED_SCRIPTS) ?? (await byTool(worktree, each))?.seed;
  return {
    tool: `a script "${script}"${at(place)}`,
    migrate,
    ...(seed !== undefined && { seed }),
  };
}

async function byTool(worktree: string, { directory }: PackageDirectory): Promise<Migration | null> {
  const has = (place: string) =>
    lstat(join(directory, place)).then(
      () => true,
      () => false,
    );
  for (const { mark, name, migrate, without, seed } of TOOLS) {
    if (!(await has(mark))) continue;
    return {
      tool: `${name} (${join(relative(worktree, directory), mark)})`,
      migrate: without && !(await has(without[0])) ? without[1] : migrate,
      ...(seed && (await has(seed[0])) && { seed: seed[1] }),
    };
  }
  return null;
}

function scriptOf({ pkg }: PackageDirectory, names: readonly string[]): string | undefined {
  const script = names.find((name) => {
    const command = pkg?.scripts[name];
    return command !== undefined && !UNFIT.test(command);
  });
  return script && `npm run ${script}`;
}

export const migrationHint = ({ tool, migrate }: Migration): string =>
  `the project has ${tool}: set isolation.backend.database.template.migrate, perhaps to "${migrate}"`;

const at = (place: string) => (place ? ` in ${place}` : '');
