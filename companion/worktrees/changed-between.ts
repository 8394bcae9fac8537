import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { walkSource } from './walk-source.ts';

export interface Period {
  fromMs: number;
  toMs: number;
}

/**
 * Tells what may have changed between two times: for when the system's own news of that were lost. A file that is gone is told by
 * its directory. By the times of inodes, which a rename changes, too.
 */
export async function tellChangedBetween(
  root: string,
  { fromMs, toMs }: Period,
  tell: (path: string, isDirectory: boolean) => void,
  signal: AbortSignal,
): Promise<void> {
  const isNew = async (path: string) => {
    const changedMs = (await lstat(path).catch(() => null))?.ctimeMs ?? 0; // gone: told by its directory
    return changedMs >= fromMs && changedMs <= toMs;
  };
  for await (const { directory, files } of walkSource(root, signal)) {
    if (await isNew(directory)) tell(directory, true);
    const looks = files.map(async ({ name }) => {
      const path = join(directory, name);
      if (await isNew(path)) tell(path, false);
    });
    await Promise.all(looks);
    if (signal.aborted) return;
  }
}
