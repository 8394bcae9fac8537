import { homedir } from 'node:os';
import { join } from 'node:path';
import { MAX_SOURCE_BYTES, readText } from '../worktrees/read-text.ts';
import type { PackageManager } from './package-manager.ts';

/** What the managers ask unless told otherwise. */
const DEFAULTS = ['https://registry.npmjs.org/', 'https://registry.yarnpkg.com/'];
/** `registry=…`, `@scope:registry=…` of .npmrc; `npmRegistryServer: …` of .yarnrc.yml; `registry "…"` of .yarnrc. */
const SETTING = /^\s*(?:@[\w.-]+:)?(?:registry|npmRegistryServer)\s*[=: ]\s*["']?(https?:\/\/[^\s"']+)/gim;

/**
 * The hosts an installation may reach, as `host:port`: the user's registries, and those that the main checkout names.
 * What the worktree names alone does not count, for that the agent may have written.
 */
export async function registryHosts(
  { root }: Pick<PackageManager, 'root'>,
  { worktree, mainCheckout, home = homedir() }: { worktree: string; mainCheckout: string; home?: string },
): Promise<string[]> {
  const trusted = [home, mainCheckout, join(mainCheckout, root.slice(worktree.length))];
  const files = trusted.flatMap((at) => ['.npmrc', '.yarnrc.yml', '.yarnrc'].map((name) => join(at, name)));
  const texts = await Promise.all(
    files.map((file) => readText(file, { maxBytes: MAX_SOURCE_BYTES }).catch(() => '')),
  );
  const named = texts.flatMap((text) => [...text.matchAll(SETTING)].map(([, url = '']) => url));
  const told = process.env.npm_config_registry;
  const urls = [...DEFAULTS, ...named, ...(told ? [told] : [])];
  return [...new Set(urls.flatMap(hostAndPort))];
}

function hostAndPort(url: string): string[] {
  if (!URL.canParse(url)) return [];
  const { hostname, port, protocol } = new URL(url);
  return [`${hostname}:${port || (protocol === 'http:' ? 80 : 443)}`];
}
