import { type FSWatcher, watch } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join, sep } from 'node:path';

/** Directories whose content never is an attempt's source. */
export const UNWATCHED = new Set(['node_modules', '.git']);

export const isUnwatched = (worktree: string, path: string): boolean =>
  path
    .slice(worktree.length)
    .split(sep)
    .some((part) => UNWATCHED.has(part));

export interface DirectoryWatchHandlers {
  /** Something happened to this absolute path. */
  onPath(path: string): void;
  onRootRemoved(): void;
  /** The system refuses more watches. Told at most once. */
  onExhausted(): void;
}

/** macOS and Windows watch a whole tree with one handle; Linux needs one per directory. */
const HAS_NATIVE_RECURSION = process.platform === 'darwin' || process.platform === 'win32';

/** How long after one of its entries the worktree itself may be gone. */
const ROOT_CHECK_MS = 250;

/** One watch per directory of a tree, kept up as directories come and go. Links are not followed. */
export class DirectoryWatches {
  readonly ready: Promise<void>;
  readonly #root: string;
  readonly #handlers: DirectoryWatchHandlers;
  readonly #watches = new Map<string, FSWatcher>();
  #closed = false;
  #rootRemoved = false;
  #rootTimer: NodeJS.Timeout | undefined;

  constructor(root: string, handlers: DirectoryWatchHandlers) {
    this.#root = root;
    this.#handlers = handlers;
    this.ready = this.#add(root, false);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#rootTimer);
    for (const watcher of this.#watches.values()) watcher.close();
    this.#watches.clear();
  }

  /** Watches a directory and those below. A directory found later (`tellFiles`) had files before its watch. */
  async #add(directory: string, tellFiles: boolean): Promise<void> {
    if (this.#closed || this.#watches.has(directory) || !this.#watch(directory)) return;
    if (HAS_NATIVE_RECURSION) return;
    const entries = await readdir(directory, { withFileTypes: true }).catch(() => []); // removed meanwhile
    const below = entries.map(async (entry) => {
      if (UNWATCHED.has(entry.name)) return;
      const path = join(directory, entry.name);
      if (entry.isDirectory()) await this.#add(path, tellFiles);
      else if (tellFiles && !this.#closed) this.#handlers.onPath(path);
    });
    await Promise.all(below);
  }

  #watch(directory: string): boolean {
    try {
      const watcher = watch(directory, { recursive: HAS_NATIVE_RECURSION });
      watcher.on('change', (_event, name) => void this.#changed(directory, String(name)));
      watcher.on('error', (error) => this.#failed(error));
      this.#watches.set(directory, watcher);
      return true;
    } catch (error) {
      this.#failed(error);
      return false;
    }
  }

  async #changed(directory: string, name: string): Promise<void> {
    const path = join(directory, name);
    if (this.#closed || isUnwatched(this.#root, path)) return;
    const entry = await lstat(path).catch(() => null);
    if (this.#closed) return;
    if (entry?.isDirectory()) {
      await this.#add(path, true);
      return;
    }
    if (!entry) this.#forget(path);
    this.#handlers.onPath(path);
    // A removed directory tells of itself by its own name in itself, which is a path that never was; not while a
    // sandbox has it mounted, though. Then only its entries tell, and it goes just after the last of them.
    if (!entry && directory === this.#root) {
      clearTimeout(this.#rootTimer);
      this.#rootTimer = setTimeout(() => void this.#checkRoot(), ROOT_CHECK_MS);
      await this.#checkRoot();
    }
  }

  async #checkRoot(): Promise<void> {
    const root = await lstat(this.#root).catch(() => null);
    if (root || this.#closed || this.#rootRemoved) return;
    this.#rootRemoved = true;
    this.#handlers.onRootRemoved();
  }

  /** Drops the watches of a directory that is gone, and of all below it. */
  #forget(path: string): void {
    for (const [directory, watcher] of this.#watches) {
      if (directory !== this.#root && (directory === path || directory.startsWith(path + sep))) {
        watcher.close();
        this.#watches.delete(directory);
      }
    }
  }

  #failed(error: unknown): void {
    const { code } = error as NodeJS.ErrnoException;
    if (this.#closed || (code !== 'ENOSPC' && code !== 'EMFILE')) return; // else: the directory went away
    this.close();
    this.#handlers.onExhausted();
  }
}
