import { createHash, type Hash } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, open, readdir, readlink } from 'node:fs/promises';
import { isAbsolute, join, normalize, relative, sep } from 'node:path';
import { packageDirectories } from '../../detection/package-directories.ts';
import type { DatabaseSpec } from '../database.ts';
import { templateError } from './file.ts';
import { DEFAULT_PLACES, isInput } from './places.ts';

/** Migrations are text: what lies beyond counts by its size alone. */
const MAX_HASHED_BYTES = 256 * 1024 * 1024;
const MAX_ENTRIES = 20_000;

/** A hash of every file that the project's template depends on: the same for two worktrees with the same content. */
export async function hashInputs(
  { worktree, template }: Pick<DatabaseSpec, 'worktree' | 'template'>,
  signal: AbortSignal,
): Promise<string> {
  const walk = new Walk(worktree, template.files === undefined, signal);
  if (template.files) {
    for (const place of [...template.files].sort()) await walk.add(ownPlace(place));
  } else {
    const packages = await packageDirectories(worktree);
    for (const { directory, pkg } of packages) {
      const prefix = relative(worktree, directory);
      // What `npm run migrate` does is written there.
      walk.note(join(prefix, 'package.json#scripts'), JSON.stringify(pkg?.scripts ?? null));
      for (const place of DEFAULT_PLACES) await walk.add(join(prefix, place));
    }
  }
  return walk.digest();
}

/** A place of the configuration, which is the attempt's: nothing outside of the worktree is looked at. */
function ownPlace(place: string): string {
  const way = normalize(place);
  if (isAbsolute(place) || way === '..' || way.startsWith(`..${sep}`))
    throw templateError(place, 'does not lie in the worktree (isolation.backend.database.template.files)');
  return way;
}

class Walk {
  readonly #root: string;
  readonly #onlyInputs: boolean;
  readonly #signal: AbortSignal;
  readonly #hash: Hash = createHash('sha256');
  readonly #seen = new Set<string>();
  #bytes = 0;

  constructor(root: string, onlyInputs: boolean, signal: AbortSignal) {
    this.#root = root;
    this.#onlyInputs = onlyInputs;
    this.#signal = signal;
  }

  note(name: string, content: string): void {
    this.#hash.update(`${JSON.stringify([name.split(sep).join('/'), content])}\n`);
  }

  digest(): string {
    return this.#hash.digest('hex');
  }

  /** Adds a file or everything in a directory. What is not there adds nothing; links count as what they say. */
  async add(place: string): Promise<void> {
    this.#signal.throwIfAborted();
    if (this.#seen.has(place)) return;
    const path = join(this.#root, place);
    const entry = await lstat(path).catch(() => null);
    if (!entry) return;
    this.#seen.add(place);
    if (this.#seen.size > MAX_ENTRIES)
      throw templateError(place, `is one of more than ${MAX_ENTRIES} files; name fewer in template.files`);
    if (entry.isSymbolicLink()) this.note(place, `link ${await readlink(path).catch(() => '')}`);
    else if (entry.isFile()) this.note(place, await this.#content(path, entry.size));
    else if (entry.isDirectory()) await this.#addAll(place);
  }

  async #addAll(place: string): Promise<void> {
    // A directory that cannot be read is one that no migration of the user reads either.
    const entries = await readdir(join(this.#root, place), { withFileTypes: true }).catch(() => []);
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      if (!this.#onlyInputs || isInput(entry.name, entry.isDirectory()))
        await this.add(join(place, entry.name));
    }
  }

  async #content(path: string, size: number): Promise<string> {
    this.#bytes += size;
    if (this.#bytes > MAX_HASHED_BYTES) return `size ${size}`;
    try {
      return await hashFile(path, this.#signal);
    } catch (error) {
      this.#signal.throwIfAborted();
      return `unreadable ${(error as NodeJS.ErrnoException).code}`;
    }
  }
}

/** SHA-256 of a regular file's content, in hexadecimal. Links are not followed. */
export async function hashFile(path: string, signal: AbortSignal): Promise<string> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  const hash = createHash('sha256');
  for await (const chunk of file.createReadStream({ signal })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
