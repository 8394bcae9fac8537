import { lstatSync, opendirSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';

/** Entries looked at before other work gets its turn: about two milliseconds. */
const ENTRIES_PER_TURN = 400;
/** Clocks of files are a few milliseconds behind: the kernel stamps them once a tick. */
const CLOCK_SLACK_MS = 20;
const BLOCK_BYTES = 512;

/**
 * Bytes on disk of the files below directories that were written since `sinceMs`. No size from before is needed, so
 * none has to be taken of a worktree with a hundred thousand files when its preview starts. Links are not followed;
 * other file systems mounted below are left out.
 */
export async function writtenSince(
  directories: readonly string[],
  sinceMs: number,
  signal?: AbortSignal,
): Promise<number> {
  let bytes = 0;
  let entries = 0;
  const counted = new Set<bigint>();
  for (const root of directories) {
    const device = statOf(root)?.dev;
    const pending = [root];
    for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
      for (const name of namesIn(at)) {
        entries += 1;
        if (entries % ENTRIES_PER_TURN === 0) {
          await turn();
          signal?.throwIfAborted();
        }
        const path = join(at, name);
        const found = statOf(path);
        if (!found || found.dev !== device) continue;
        if (found.isDirectory()) pending.push(path);
        if (Number(found.ctimeMs) < sinceMs - CLOCK_SLACK_MS) continue;
        if (found.nlink > 1n && !found.isDirectory()) {
          if (counted.has(found.ino)) continue;
          counted.add(found.ino);
        }
        bytes += Number(found.blocks) * BLOCK_BYTES;
      }
    }
  }
  return bytes;
}

/** Null for what is gone, or not for us to see. */
function statOf(path: string) {
  try {
    return lstatSync(path, { bigint: true });
  } catch {
    return null;
  }
}

function* namesIn(path: string): Generator<string> {
  let directory: ReturnType<typeof opendirSync>;
  try {
    directory = opendirSync(path, { bufferSize: 256 });
  } catch {
    return;
  }
  try {
    for (let entry = directory.readSync(); entry; entry = directory.readSync()) yield entry.name;
  } catch {
    // Removed while it was read.
  } finally {
    directory.closeSync();
  }
}
