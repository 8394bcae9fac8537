import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import { isInside } from './is-inside.ts';
import { placeOfOpen } from './open-place.ts';

/** Lock files of large monorepos have a few megabytes. */
export const MAX_LOCK_FILE_BYTES = 64 * 1024 * 1024;
/** Nobody writes more configuration by hand. */
export const MAX_SOURCE_BYTES = 1024 * 1024;

export interface ReadTextOptions {
  /** Real path of a directory: what a link names outside of it is not read. */
  inside?: string;
  /** A larger file is refused. */
  maxBytes: number;
}

/**
 * The text of a file that an attempt may have made: a link out of the worktree would show its contents to the attempt's
 * code, a named pipe would block for ever. Rejects with what is wrong, a file that is not there with ENOENT.
 */
export async function readText(path: string, { inside, maxBytes }: ReadTextOptions): Promise<string> {
  const file = await open(path, WITHOUT_WAITING);
  try {
    // After it was opened: what it leads to cannot be exchanged any more.
    if (inside !== undefined && !isInside(inside, await placeOfOpen(file, path)))
      throw new Error('it is a link that leads out of the worktree');
    requireText(await file.stat(), maxBytes);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

/** As {@link readText} where nobody can wait for an answer. Throws what that rejects with. */
export function readTextSync(path: string, maxBytes: number): string {
  const file = openSync(path, WITHOUT_WAITING);
  try {
    requireText(fstatSync(file), maxBytes);
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}

/** Nobody may ever write to a named pipe. */
const WITHOUT_WAITING = constants.O_RDONLY | constants.O_NONBLOCK;

function requireText(entry: Stats, maxBytes: number): void {
  if (!entry.isFile()) throw new Error('it is not a regular file');
  if (entry.size > maxBytes) throw new Error(`it is larger than ${Math.floor(maxBytes / 1024)} kB`);
}
