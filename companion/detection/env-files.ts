import { realpath } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { parseEnv } from 'node:util';
import { readText } from '../worktrees/read-text.ts';

/** Later ones win, as every dotenv loader has it. */
const ENV_FILES = ['.env', '.env.local', '.env.development', '.env.development.local'];
/** What a project shows of its variables, with values to be replaced. */
const EXAMPLE_FILES = ['.env.example', '.env.sample', '.env.template', '.env.dist'];
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

/**
 * Variables of the env files in the directories given, later directories and files winning. Never written anywhere.
 * `inside` is for a worktree's own: the sandbox gets these variables, and a link must not bring it what it cannot see.
 */
export async function readEnvFiles(
  directories: string[],
  { names = ENV_FILES, inside }: { names?: readonly string[]; inside?: string } = {},
): Promise<Record<string, string>> {
  const files = directories.flatMap((directory) => names.map((name) => join(directory, name)));
  const options = { maxBytes: MAX_ENV_BYTES, inside: inside && (await realpath(inside).catch(() => inside)) };
  const texts = await Promise.all(files.map((file) => readText(file, options).catch(() => '')));
  const variables: Record<string, string> = {};
  for (const text of texts) {
    for (const [key, value] of Object.entries(parseEnv(text)))
      if (value !== undefined) variables[key] = value;
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
    readEnvFiles([...new Set([mainCheckout, twin])], { names }),
    readEnvFiles([...new Set([worktree, root])], { inside: worktree }),
  ]);
  return Object.fromEntries(
    Object.entries(theirs).filter(([name]) => !(name in own) && !RESERVED_NAMES.has(name)),
  );
}

/**
 * All variables that the project's env files speak of, the examples among them: which names it knows, and what their
 * values look like. Not what anything is run with.
 */
export async function spokenOfEnv({
  worktree,
  mainCheckout,
  root,
  names,
}: EnvPlace): Promise<Record<string, string>> {
  const twin = join(mainCheckout, relative(worktree, root));
  const places = [...new Set([worktree, root])];
  const [examples, theirs, own] = await Promise.all([
    readEnvFiles(places, { names: EXAMPLE_FILES, inside: worktree }),
    readEnvFiles([...new Set([mainCheckout, twin])], { names }),
    readEnvFiles(places, { inside: worktree }),
  ]);
  return { ...examples, ...theirs, ...own };
}

/** Replaces `${NAME}` by another variable; an unknown name becomes empty, as a shell has it. */
export const expandVariables = (text: string, variables: Record<string, string>): string =>
  text.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_, name: string) => variables[name] ?? '');
