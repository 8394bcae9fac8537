import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isForeign, isUnwatchedName } from './unwatched.ts';

export interface SourceDirectory {
  directory: string;
  /** All but the directories, links among them. */
  files: Dirent[];
}

/** The directories of a worktree that hold source, from the root down. Links are not followed. */
export async function* walkSource(root: string, signal?: AbortSignal): AsyncGenerator<SourceDirectory> {
  const waiting = [root];
  for (let directory = waiting.pop(); directory !== undefined; directory = waiting.pop()) {
    if (signal?.aborted) return;
    const entries = await readdir(directory, { withFileTypes: true }).catch(() => []); // gone meanwhile
    if (directory !== root && (await isForeign(directory, entries))) continue;
    const files: Dirent[] = [];
    for (const entry of entries) {
      if (!entry.isDirectory()) files.push(entry);
      else if (!isUnwatchedName(entry.name)) waiting.push(join(directory, entry.name));
    }
    yield { directory, files };
  }
}
