import { lstat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { packageDirectories } from '../../detection/package-directories.ts';

/** Marks of migration tools and what is usually run with them, the surest first. */
const TOOLS: [string, string, string][] = [
  ['prisma/schema.prisma', 'Prisma', 'npx prisma migrate deploy'],
  ['drizzle.config.ts', 'Drizzle', 'npx drizzle-kit migrate'],
  ['drizzle.config.js', 'Drizzle', 'npx drizzle-kit migrate'],
  ['knexfile.js', 'Knex', 'npx knex migrate:latest'],
  ['knexfile.ts', 'Knex', 'npx knex migrate:latest'],
  ['.sequelizerc', 'Sequelize', 'npx sequelize-cli db:migrate'],
];
const SCRIPTS = ['db:migrate', 'migrate', 'migrate:deploy', 'db:push'];

export interface MigrationHint {
  /** What was found: `a script "migrate"`. */
  tool: string;
  command: string;
}

/**
 * Which command would probably fill an empty database, or null. Only a hint: such a command may ask questions, or drop
 * what it finds, so none runs unless the configuration names it.
 */
export async function findMigration(worktree: string): Promise<MigrationHint | null> {
  for (const { directory, pkg } of await packageDirectories(worktree)) {
    const place = relative(worktree, directory);
    const script = SCRIPTS.find((name) => pkg?.scripts?.[name] !== undefined);
    if (script)
      return { tool: `a script "${script}"${at(place)}`, command: `${inPlace(place)}npm run ${script}` };
    for (const [mark, tool, command] of TOOLS) {
      const isThere = await lstat(join(directory, mark)).catch(() => null);
      if (isThere) return { tool: `${tool} (${join(place, mark)})`, command: `${inPlace(place)}${command}` };
    }
  }
  return null;
}

export const migrationHint = ({ tool, command }: MigrationHint): string =>
  `the project has ${tool}: set isolation.backend.database.template.migrate, perhaps to "${command}"`;

const at = (place: string) => (place ? ` in ${place}` : '');
const inPlace = (place: string) => (place ? `cd ${place} && ` : '');
