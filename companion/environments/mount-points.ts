import { rmdir } from 'node:fs/promises';
import { holdsPackages } from '../detection/shared-packages.ts';
import type { Mount } from '../runtimes/runtime.ts';

/** Removes what was made in a worktree for mounts; to be called when the pod is gone. */
export async function removeMountPoints(mounts: readonly Mount[]): Promise<void> {
  for (const { target, makePoint } of mounts) {
    // Not empty: somebody installed packages there meanwhile. Gone: somebody removed it.
    if (makePoint && target) await rmdir(target).catch(() => undefined);
  }
}

/**
 * Whether somebody, such as an agent that ran `npm install`, has put packages where a sandbox is shown those of another
 * checkout: it does not see them until it is made anew.
 */
export async function areMountsInTheWay(mounts: readonly Mount[]): Promise<boolean> {
  const points = mounts.flatMap(({ target, makePoint }) => (makePoint && target ? [target] : []));
  return (await Promise.all(points.map(holdsPackages))).includes(true);
}
