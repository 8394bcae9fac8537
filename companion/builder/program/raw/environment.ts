import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';

const FILES = ['.env', '.env.development', '.env.local', '.env.development.local'];
/** Prefixes whose variables the usual toolchains hand to browsers; nothing else of an env file leaves the sandbox. */
const PUBLIC = /^(?:REACT_APP_|VUE_APP_|PUBLIC_|VITE_|PREACT_APP_)/;
/** `$NAME` and `${NAME}`; a backslash before it means a dollar. */
const REFERENCE = /\\\$|\$(?:\{(\w+)\}|(\w+))/g;

/**
 * `process.env` of a project without Vite: what the main checkout's env files gave this process, the worktree's files,
 * and above all what the companion gives the app.
 */
export function rawEnvironment(root: string, appEnv: Record<string, string>): Record<string, string> {
  const env: NodeJS.ProcessEnv = { ...process.env };
  for (const name of FILES) {
    const file = join(root, name);
    if (existsSync(file)) Object.assign(env, parseEnv(readFileSync(file, 'utf8')));
  }
  const shown: Record<string, string> = {};
  for (const [name, value] of Object.entries(env))
    if (value !== undefined && PUBLIC.test(name)) shown[name] = expanded(value, env, [name]);
  // Where the page is served, whatever the variable says of production. Apps put it before paths: it is never undefined.
  return { ...shown, PUBLIC_URL: '', ...appEnv };
}

/** As dotenv-expand has it, which the toolchains use; what refers to itself is empty there. */
function expanded(value: string, env: NodeJS.ProcessEnv, within: string[]): string {
  return value.replace(REFERENCE, (whole, braced?: string, bare?: string) => {
    const name = braced ?? bare;
    if (name === undefined) return whole.slice(1);
    return within.includes(name) ? '' : expanded(env[name] ?? '', env, [...within, name]);
  });
}
