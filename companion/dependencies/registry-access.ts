import { homedir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { MAX_SOURCE_BYTES, readText } from '../worktrees/read-text.ts';
import type { PackageManager } from './package-manager.ts';

/** What an installation is given to get into the registries that it uses; secrets, never to be printed. */
export interface RegistryAccess {
  /** Text of `.npmrc` and `.yarnrc.yml` in the sandbox's home; empty where there is nothing to say. */
  npmrc: string;
  yarnrc: string;
  /** Variables that the project's own settings name. */
  variables: Record<string, string>;
}

/** `registry=…`, `@scope:registry=…` */
const REGISTRY = /^\s*((?:@[\w.-]+:)?registry)\s*=\s*["']?(https?:\/\/[^\s"']+)/;
/** `//host/path/:_authToken=…` */
const AUTH = /^\s*(\/\/[^\s=]+?):(_authToken|_auth|username|_password|email)\s*=\s*(.+?)\s*$/;
const VARIABLE = /\$\{([A-Za-z_]\w*)(?:[:?-][^}]*)?\}/g;

const yarnRegistry = z.looseObject({
  npmRegistryServer: z.string().optional(),
  npmAuthToken: z.string().optional(),
  npmAuthIdent: z.string().optional(),
});
const yarnSettings = yarnRegistry.extend({
  npmScopes: z.record(z.string(), yarnRegistry).optional(),
  npmRegistries: z.record(z.string(), yarnRegistry).optional(),
});

export interface AccessPlace {
  worktree: string;
  mainCheckout: string;
  home?: string;
  env?: NodeJS.ProcessEnv;
}

/**
 * Which registries are asked, and the user's tokens for those that the user's settings or the main checkout's name. The
 * token of a registry that nobody names, as the public one's that its owner publishes with, stays outside; so does
 * whatever the worktree asks for alone, for that the agent may have written.
 */
export async function registryAccess(
  { root }: Pick<PackageManager, 'root'>,
  { worktree, mainCheckout, home = homedir(), env = process.env }: AccessPlace,
): Promise<RegistryAccess> {
  const places = [...new Set([mainCheckout, join(mainCheckout, root.slice(worktree.length))])];
  const [own, ...projects] = await Promise.all([home, ...places].map((at) => read(join(at, '.npmrc'))));
  const [ownYarn, ...projectYarns] = await Promise.all(
    [home, ...places].map((at) => read(join(at, '.yarnrc.yml'))),
  );
  const lines = [own, ...projects].flatMap((text = '') => text.split('\n'));
  const registries = lines.flatMap((line) => {
    const [, key, url] = REGISTRY.exec(line) ?? [];
    return key && url ? [{ key, url }] : [];
  });
  const tokens = lines.flatMap((line) => {
    const [, place = '', key, value = ''] = AUTH.exec(line) ?? [];
    const filled = expand(value, env);
    const isUsed = registries.some(({ url }) =>
      withSlash(url)
        .replace(/^https?:/, '')
        .startsWith(withSlash(place)),
    );
    return key && isUsed && filled !== null ? [`${place}:${key}=${filled}`] : [];
  });
  return {
    npmrc: [...registries.map(({ key, url }) => `${key}=${url}`), ...tokens, ''].join('\n').trimStart(),
    yarnrc: yarnAccess(ownYarn ?? '', env),
    variables: variablesIn([...projects, ...projectYarns], env),
  };
}

/** Of the user's settings of Yarn 2 and later those that lead to registries, with the tokens beside them. */
function yarnAccess(text: string, env: NodeJS.ProcessEnv): string {
  const found = yarnSettings.safeParse(parseYaml(expand(text, env) ?? text));
  if (!found.success) return '';
  const { npmRegistryServer, npmAuthToken, npmAuthIdent, npmScopes, npmRegistries = {} } = found.data;
  const named = [
    npmRegistryServer,
    ...Object.values(npmScopes ?? {}).map((scope) => scope.npmRegistryServer),
  ];
  const used = Object.entries(npmRegistries).filter(([name]) =>
    named.some((url) => url?.replace(/^https?:/, '').startsWith(name.replace(/^https?:/, ''))),
  );
  const kept = {
    // Without a server of its own the token is the public registry's.
    ...(npmRegistryServer !== undefined && { npmRegistryServer, npmAuthToken, npmAuthIdent }),
    ...(npmScopes && { npmScopes }),
    ...(used.length > 0 && { npmRegistries: Object.fromEntries(used) }),
  };
  return Object.keys(kept).length > 0 ? stringify(kept) : '';
}

/** Those on lines that speak of tokens. */
function variablesIn(texts: (string | undefined)[], env: NodeJS.ProcessEnv): Record<string, string> {
  const lines = texts.flatMap((text = '') => text.split('\n')).filter((line) => /auth|_password/i.test(line));
  const names = lines.flatMap((line) => [...line.matchAll(VARIABLE)].map(([, name = '']) => name));
  return Object.fromEntries(
    [...new Set(names)].flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])),
  );
}

/** Null when a variable is not set. */
function expand(text: string, env: NodeJS.ProcessEnv): string | null {
  let isWhole = true;
  const filled = text.replace(VARIABLE, (_, name: string) => {
    isWhole &&= env[name] !== undefined;
    return env[name] ?? '';
  });
  return isWhole ? filled : null;
}

function parseYaml(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return null; // Yarn says so
  }
}

const withSlash = (url: string): string => (url.endsWith('/') ? url : `${url}/`);
const read = (path: string): Promise<string> =>
  readText(path, { maxBytes: MAX_SOURCE_BYTES }).catch(() => '');
