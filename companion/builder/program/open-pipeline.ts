import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Pipeline, PipelineContext } from './pipeline.ts';
import { hasPackages, openStatic } from './raw/static-pipeline.ts';
import { findVite } from './vite/find-vite.ts';
import { openVite } from './vite/vite-pipeline.ts';

/** The project's own Vite where it has one and a page for it, else the bundler's transpilers, else plain files. */
export async function openPipeline(context: PipelineContext): Promise<Pipeline> {
  const { root } = context.options;
  const vite = existsSync(join(root, 'package.json')) ? findVite(root) : null;
  if (vite !== null && usesVite(root)) return openVite(vite, context);
  if (!hasPackages(root)) return openStatic(context);
  // It brings esbuild, which the others do without.
  const { openRaw } = await import('./raw/raw-pipeline.ts');
  return openRaw(context);
}

/** Vite may be there for something else (vitest, a sibling package of the monorepo). */
function usesVite(root: string): boolean {
  const configured = ['js', 'mjs', 'cjs', 'ts', 'mts', 'cts'].some((extension) =>
    existsSync(join(root, `vite.config.${extension}`)),
  );
  return configured || existsSync(join(root, 'index.html'));
}
