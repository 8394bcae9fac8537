import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { parseEnv } from 'node:util';

/** Later ones win, as every dotenv loader has it. */
const ENV_FILES = ['.env', '.env.local', '.env.development', '.env.development.local'];
/** Variables of the project's env files that would break the isolation if they won. */
export const RESERVED_NAMES: ReadonlySet<string> = new Set([
  'PORT',
  'HOST',
  'DATABASE_URL',
  'DATABASE_PATH',
  'PATH',
  'HOME',
  'TMPDIR',
  'NODE_OPTIONS',
]);
/** A larger file is no env file. */
const MAX_ENV_BYTES = 256 * 1024;

/** Variables of the env files in the directories given, later directories and files winning. Never written anywhere. */
export async function readEnvFiles(
  directories: string[],
  names: readonly string[] = ENV_FILES,
): Promise<Record<string, string>> {
  const variables: Record<string, string> = {};
  for (const directory of directories) {
    for (const name of names) {
      const text = await readFile(join(directory, name), 'utf8').catch(() => '');
      if (text.length > MAX_ENV_BYTES) continue;
      for (const [key, value] of Object.entries(parseEnv(text)))
        if (value !== undefined) variables[key] = value;
    }
  }
  return variables;
}

export interface EnvPlace {
  worktree: string;
  mainCheckout: string;
  /** Directory of the frontend, in the worktree. */
  root: string;
  /** Names of the main checkout's files that count: `isolation.env_files`. */
  names: readonly string[];
}

/**
 * Variables of the main checkout's env files, which git ignores and a worktree therefore lacks. What the worktree's own
 * files name is left out: whoever reads those reads them again when they change, and a variable would hide that.
 */
export async function inheritedEnv({
  worktree,
  mainCheckout,
  root,
  names,
}: EnvPlace): Promise<Record<string, string>> {
  if (mainCheckout === worktree) return {};
  const twin = join(mainCheckout, relative(worktree, root));
  const [theirs, own] = await Promise.all([
    readEnvFiles([...new Set([mainCheckout, twin])], names),
    readEnvFiles([...new Set([worktree, root])]),
  ]);
  return Object.fromEntries(
    Object.entries(theirs).filter(([name]) => !(name in own) && !RESERVED_NAMES.has(name)),
  );
}

/** Replaces `${NAME}` by another variable; an unknown name becomes empty, as a shell has it. */
export const expandVariables = (text: string, variables: Record<string, string>): string =>
  text.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_, name: string) => variables[name] ?? '');
