import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { walkSource } from './walk-source.ts';

/** Waited between one look and the next, so that a slow disk is not asked without pause. */
const POLL_PAUSE_MS = 1_000;
/** Of a large tree a look takes long: the pause is so many times that. */
const PAUSE_SHARE = 4;

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
    const begunAt = performance.now();
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
    const tookMs = performance.now() - begunAt;
    timer = setTimeout(() => void look(), Math.max(POLL_PAUSE_MS, tookMs * PAUSE_SHARE));
  };
  void look();
}

/** Whether the root is there. */
async function collect(root: string, into: Map<string, string>, signal: AbortSignal): Promise<boolean> {
  for await (const { directory, files } of walkSource(root, signal)) {
    const looks = files.map(async ({ name }) => {
      const path = join(directory, name);
      const found = await stat(path).catch(() => null); // a link that leads nowhere, or gone
      if (found) into.set(path, `${found.mtimeMs}/${found.size}/${found.ino}`);
    });
    await Promise.all(looks);
  }
  return stat(root).then(
    () => true,
    () => false,
  );
}
