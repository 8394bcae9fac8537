import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UNWATCHED } from './directory-watches.ts';

/** Waited between one look and the next, so that a slow disk is not asked without pause. */
const POLL_PAUSE_MS = 1_000;

/** The poor man's watch: compares each file's time and size once in a while until aborted. */
export function pollTree(
  root: string,
  handlers: { onPath(path: string): void; onRootRemoved(): void },
  signal: AbortSignal,
): void {
  let before: Map<string, string> | undefined;
  let timer: NodeJS.Timeout | undefined;
  signal.addEventListener('abort', () => clearTimeout(timer), { once: true });

  const look = async () => {
    const now = new Map<string, string>();
    const exists = await collect(root, now, signal);
    if (signal.aborted) return;
    if (!exists) {
      handlers.onRootRemoved();
      return;
    }
    if (before) {
      for (const [path, stamp] of now) if (before.get(path) !== stamp) handlers.onPath(path);
      for (const path of before.keys()) if (!now.has(path)) handlers.onPath(path);
    }
    before = now;
    timer = setTimeout(() => void look(), POLL_PAUSE_MS);
  };
  void look();
}

async function collect(directory: string, into: Map<string, string>, signal: AbortSignal): Promise<boolean> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => null);
  if (!entries) return false;
  for (const entry of entries) {
    if (signal.aborted) return true;
    const path = join(directory, entry.name);
    if (entry.isDirectory()) {
      if (!UNWATCHED.has(entry.name)) await collect(path, into, signal);
    } else {
      const found = await stat(path).catch(() => null);
      if (found) into.set(path, `${found.mtimeMs}/${found.size}/${found.ino}`);
    }
  }
  return true;
}
