import { join } from 'node:path';
import { walkSource } from '../../../worktrees/walk-source.ts';

/** Directories read before others get their turn. */
const TURN = 50;

export type ChangeKind = 'add' | 'change' | 'unlink';

/** Tells files that came from files that changed, which a watcher's events do not: Vite treats them differently. */
export class KnownFiles {
  readonly #files = new Set<string>();
  readonly #root: string;
  readonly #startedAt = Date.now();
  #isRead = false;

  constructor(root: string) {
    this.#root = root;
  }

  /** Reads the tree, without haste. */
  async read(signal: AbortSignal): Promise<void> {
    let count = 0;
    for await (const { directory, files } of walkSource(this.#root, signal)) {
      for (const { name } of files) this.#files.add(join(directory, name));
      count += 1;
      if (count % TURN === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    this.#isRead = true;
  }

  /** What happened to a file; null when it came and went. `stats` is undefined for one that is gone. */
  changeOf(path: string, stats: { birthtimeMs: number } | undefined): ChangeKind | null {
    if (stats === undefined) return this.#files.delete(path) || !this.#isRead ? 'unlink' : null;
    const isOld = !this.#isRead && stats.birthtimeMs < this.#startedAt;
    if (this.#files.has(path) || isOld) return 'change';
    this.#files.add(path);
    return 'add';
  }

  /** Known files below a directory that is gone. */
  below(directory: string): string[] {
    const prefix = `${directory}/`;
    return [...this.#files].filter((path) => path.startsWith(prefix));
  }
}
