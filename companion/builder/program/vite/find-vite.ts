import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Vite from 'vite';
import { OLDEST_VITE } from '../../oldest-vite.ts';
import { NeedsOwnServer } from '../errors/needs-own-server.ts';

export type ViteModule = typeof Vite;

export interface FoundVite {
  version: string;
  entry: string;
}

/** The worktree's own Vite, resolved as the frontend itself would; null when it has none. Throws NeedsOwnServer for an old one. */
export function findVite(root: string): FoundVite | null {
  const manifest = findManifest(root);
  if (manifest === null) return null;
  const { version, exports } = JSON.parse(readFileSync(manifest, 'utf8')) as {
    version: string;
    exports?: Record<string, unknown>;
  };
  if (Number.parseInt(version, 10) < OLDEST_VITE)
    throw new NeedsOwnServer(`Vite ${version} is older than the ${OLDEST_VITE} that the builder can run`);
  const entry = importTarget(exports?.['.']);
  return entry === null ? null : { version, entry: join(dirname(manifest), entry) };
}

export async function importVite(found: FoundVite): Promise<ViteModule> {
  return (await import(pathToFileURL(found.entry).href)) as ViteModule;
}

function findManifest(root: string): string | null {
  const require = createRequire(join(root, 'package.json'));
  for (const directory of require.resolve.paths('vite') ?? []) {
    const manifest = join(directory, 'vite', 'package.json');
    if (existsSync(manifest)) return manifest;
  }
  return null;
}

function importTarget(target: unknown): string | null {
  if (typeof target === 'string') return target;
  if (typeof target !== 'object' || target === null) return null;
  const conditions = target as Record<string, unknown>;
  return importTarget(conditions.import ?? conditions.node ?? conditions.default);
}
