import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { StatePaths } from '../storage/state-directory.ts';

/**
 * Removes the directories of environments that are not in `known`: of a pod that was kept ready, or of an environment
 * whose end was interrupted. Called once, after the runtimes' sweep and before anything is started.
 */
export async function removeUnknownDirectories(
  paths: Pick<StatePaths, 'environments' | 'own' | 'run'>,
  known: ReadonlySet<string>,
): Promise<void> {
  for (const parent of [paths.environments, paths.own, paths.run]) {
    const names = await readdir(parent).catch(() => []);
    for (const name of names) {
      if (!known.has(name)) await rm(join(parent, name), { recursive: true, force: true });
    }
  }
}
