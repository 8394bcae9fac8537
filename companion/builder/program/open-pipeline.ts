import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isPlainSite } from '../plain-site.ts';
import type { Pipeline, PipelineContext } from './pipeline.ts';
import { hasPackages, openStatic } from './raw/static-pipeline.ts';
import { findVite } from './vite/find-vite.ts';
import { readViteCall } from './vite/read-call.ts';
import { openVite } from './vite/vite-pipeline.ts';

/** The project's own Vite where it has one and a page for it, else the bundler's transpilers, else plain files. */
export async function openPipeline(context: PipelineContext): Promise<Pipeline> {
  const { root } = context.options;
  const isConfigured = hasConfig(root) || readViteCall(root) !== null;
  const hasPage = existsSync(join(root, 'package.json')) && existsSync(join(root, 'index.html'));
  const vite = isConfigured || hasPage ? findVite(root) : null;
  if (vite !== null) return openVite(vite, context);
  if (isConfigured) {
    throw new Error(
      'The project’s Vite is not installed. Install its packages, or set isolation.provider to devserver in .vibe-kanban/environment.yaml.',
    );
  }
  if (!hasPackages(root) || isPlainSite(root)) return openStatic(context);
  // It brings esbuild, which the others do without.
  const { openRaw } = await import('./raw/raw-pipeline.ts');
  return openRaw(context);
}

/**
 * Vite may be there for something else (vitest, a sibling package of the monorepo). A part of a repository may have a
 * configuration, and no package.json of its own.
 */
const hasConfig = (root: string): boolean =>
  ['js', 'mjs', 'cjs', 'ts', 'mts', 'cts'].some((extension) =>
    existsSync(join(root, `vite.config.${extension}`)),
  );
