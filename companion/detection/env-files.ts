import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv } from 'node:util';

/** Later ones win, as every dotenv loader has it. */
const ENV_FILES = ['.env', '.env.local', '.env.development', '.env.development.local'];
/** A larger file is no env file. */
const MAX_ENV_BYTES = 256 * 1024;

/** Variables of the env files in the directories given, later directories and files winning. Never written anywhere. */
export async function readEnvFiles(directories: string[]): Promise<Record<string, string>> {
  const variables: Record<string, string> = {};
  for (const directory of directories) {
    for (const name of ENV_FILES) {
      const text = await readFile(join(directory, name), 'utf8').catch(() => '');
      if (text.length > MAX_ENV_BYTES) continue;
      for (const [key, value] of Object.entries(parseEnv(text)))
        if (value !== undefined) variables[key] = value;
    }
  }
  return variables;
}

/** Replaces `${NAME}` by another variable; an unknown name becomes empty, as a shell has it. */
export const expandVariables = (text: string, variables: Record<string, string>): string =>
  text.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_, name: string) => variables[name] ?? '');
