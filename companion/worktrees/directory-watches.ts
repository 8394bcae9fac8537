import { type FSWatcher, type Stats, watch } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import type { Period } from './changed-between.ts';
import { TurnCount } from './turn-count.ts';
import { isForeign, isMarker, isUnwatched, isUnwatchedName } from './unwatched.ts';

export interface DirectoryWatchHandlers {
  /** Something happened to this absolute path. A file that is empty now may be half of a save. */
  onPath(path: string, isEmpty?: boolean): void;
  onRootRemoved(): void;
  /** The system refuses more watches. Told at most once. */
  onExhausted(): void;
  /** So much happened at once that the system may have left some of it out. */
  onOverflow(period: Period): void;
}

/** macOS and Windows watch a whole tree with one handle; Linux needs one per directory. */
const HAS_NATIVE_RECURSION = process.platform === 'darwin' || process.platform === 'win32';

/** How long after one of its entries the worktree itself may be gone. */
const ROOT_CHECK_MS = 250;

interface Watch {
  watcher: FSWatcher;
  /** Of the directory that is watched: another one may take its name. */
  identity: string;
}

/** A directory made right after another was removed often gets its inode; the time of birth is its own. */
const identityOf = ({ ino, birthtimeMs }: Stats): string => `${ino} ${birthtimeMs}`;

/** One watch per directory of a tree, kept up as directories come and go. Links are not followed. */
export class DirectoryWatches {
  readonly ready: Promise<void>;
  readonly #root: string;
  readonly #handlers: DirectoryWatchHandlers;
  readonly #watches = new Map<string, Watch>();
  /** Directories that turned out to be no source. */
  readonly #foreign = new Set<string>();
  readonly #turns: TurnCount;
  #closed = false;
  #rootRemoved = false;
  #rootTimer: NodeJS.Timeout | undefined;

  constructor(root: string, handlers: DirectoryWatchHandlers) {
    this.#root = root;
    this.#handlers = handlers;
    this.#turns = new TurnCount((period) => {
      if (!this.#closed) handlers.onOverflow(period);
    });
    this.ready = this.#add(root, false);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#rootTimer);
    for (const { watcher } of this.#watches.values()) watcher.close();
    this.#watches.clear();
  }

  /** Sees to it that a directory which is there is watched, and tells what is in it where it was not. */
  async look(directory: string): Promise<void> {
    const entry = await lstat(directory).catch(() => null);
    const known = this.#watches.get(directory);
    if (!entry?.isDirectory() || HAS_NATIVE_RECURSION) return;
    const identity = identityOf(entry);
    if (known?.identity === identity) return;
    // Another one took its place: the watch is still the old one's.
    if (known) this.#forget(directory);
    await this.#add(directory, true, identity);
  }

  /** Watches a directory and those below. A directory found later (`tellFiles`) had files before its watch. */
  async #add(directory: string, tellFiles: boolean, known?: string): Promise<void> {
    const identity = known ?? (await lstat(directory).then(identityOf, () => undefined));
    if (identity === undefined || this.#isOut(directory)) return;
    if (this.#watches.has(directory) || !this.#watch(directory, identity)) return;
    if (HAS_NATIVE_RECURSION) return;
    const entries = await readdir(directory, { withFileTypes: true }).catch(() => []); // removed meanwhile
    if (directory !== this.#root && (await isForeign(directory, entries))) return this.#leave(directory);
    const below = entries.map(async (entry) => {
      if (isUnwatchedName(entry.name)) return;
      const path = join(directory, entry.name);
      if (entry.isDirectory()) await this.#add(path, tellFiles);
      else if (tellFiles && !this.#isOut(directory)) this.#handlers.onPath(path);
    });
    await Promise.all(below);
  }

  #watch(directory: string, identity: string): boolean {
    try {
      const watcher = watch(directory, { recursive: HAS_NATIVE_RECURSION });
      watcher.on('change', (_event, name) => {
        this.#turns.add();
        void this.#changed(directory, String(name));
      });
      watcher.on('error', (error) => this.#failed(error));
      this.#watches.set(directory, { watcher, identity });
      return true;
    } catch (error) {
      this.#failed(error);
      return false;
    }
  }

  async #changed(directory: string, name: string): Promise<void> {
    const path = join(directory, name);
    if (isMarker(name) && directory !== this.#root && (await isForeign(directory, [{ name }])))
      return this.#leave(directory);
    if (this.#isOut(directory) || isUnwatched(this.#root, path)) return;
    const entry = await lstat(path).catch(() => null);
    if (this.#closed) return;
    if (entry?.isDirectory()) return this.look(path);
    if (!entry) this.#forget(path);
    // A directory that went away tells so by its own name; one that came in its place is not watched yet.
    if (!entry && name === basename(directory) && directory !== this.#root) await this.look(directory);
    this.#handlers.onPath(path, entry?.size === 0 && entry.isFile());
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

  /** Whether nothing is told of a directory any more. */
  #isOut(directory: string): boolean {
    if (this.#closed) return true;
    for (const foreign of this.#foreign)
      if (directory === foreign || directory.startsWith(foreign + sep)) return true;
    return false;
  }

  /** Of no interest, with all below it, as long as it is there. */
  #leave(directory: string): void {
    this.#forget(directory);
    this.#foreign.add(directory);
  }

  /** Drops the watches of a directory that is gone, and of all below it. */
  #forget(path: string): void {
    this.#foreign.delete(path);
    for (const [directory, { watcher }] of this.#watches) {
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
