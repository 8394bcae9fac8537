import type { Manager } from '../bundler.ts';

/** Updates refuse and re-evaluate each other in circles only by mistake. */
const MAX_ROUNDS = 10;

/**
 * Runs the callbacks of accepted updates; where a module refused its update (`hot.invalidate()`), whoever imports it
 * is evaluated again, up to the page itself if nobody accepts.
 */
export function reevaluateImporters(manager: Manager, settle: () => string[], evaluate: () => void): void {
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const refused = settle();
    if (refused.length === 0) return;
    for (const path of refused) {
      const importers = manager.transpiledModules[path]?.tModules['']?.initiators ?? [];
      for (const importer of importers) if (importer.compilation) importer.resetCompilation();
    }
    evaluate();
  }
  location.reload();
}
