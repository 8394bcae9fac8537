import { stat } from 'node:fs/promises';
import { type PackageManager, stateFiles } from './package-manager.ts';

/** Whether a lock file is newer than what was installed of it; false where nothing was, or there is none. */
export async function isInstallStale(manager: PackageManager): Promise<boolean> {
  if (manager.lockFile === null) return false;
  const [lock, ...states] = await Promise.all([manager.lockFile, ...stateFiles(manager)].map(changedAt));
  const installedAt = Math.max(...states.map((at) => at ?? 0));
  // Shared packages lie in another checkout: whether they fit is looked at anew.
  return (lock ?? 0) > installedAt;
}

/** Whether a manager came to its end here: it writes its own file last. */
export async function isInstallFinished(manager: PackageManager): Promise<boolean> {
  const states = await Promise.all(stateFiles(manager).map(changedAt));
  return states.some((at) => at !== null);
}

const changedAt = (path: string): Promise<number | null> =>
  stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => null,
  );
