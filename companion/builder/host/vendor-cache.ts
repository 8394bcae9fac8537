import { createHash, randomUUID } from 'node:crypto';
import { access, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dependencyStamp } from '../program/lock-file.ts';

/** Vendor bundles kept of one lock file; the ones not used for longest go first. */
const MAX_BUNDLES = 12;
/** Names of what Vite's optimizer writes. */
const FILE = /^[\w@+.-]{1,200}$/;
const VERSION = /^[0-9a-f]{24}-[0-9a-f]{24}$/;
const KEY = /^[0-9a-f]{24}$/;

/** Vendor bundles made before, shared by every environment with the same lock file. Only the companion writes it. */
export class VendorCache {
  /** Where the bundles of this lock file are; pods read it. */
  readonly directory: string;

  constructor(sharedDirectory: string, root: string, worktree: string) {
    // The companion's own reading of the lock file: an attempt cannot name another's cache.
    const scope = createHash('sha256').update(dependencyStamp(root, worktree)).digest('hex').slice(0, 24);
    this.directory = join(sharedDirectory, scope);
  }

  /** Path of the bundle, or null when it has to be made. */
  async find(key: string): Promise<string | null> {
    if (!KEY.test(key)) return null;
    const file = join(this.directory, `${key}.js`);
    try {
      await access(file);
      const now = new Date();
      await utimes(file, now, now);
      return file;
    } catch {
      return null;
    }
  }

  /** Whole or not at all, whoever else writes the same at the same time. */
  async add(key: string, code: string, outer: string[]): Promise<void> {
    if (!KEY.test(key)) return;
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    await this.#write(`${key}.js`, code);
    // The note comes last: who finds it finds the bundle.
    await this.#write(`${key}.json`, JSON.stringify({ outer }));
    await this.#prune();
  }

  /**
   * Keeps what Vite bundled for other worktrees: a directory of its own, and last a note that names it, so that a
   * reader finds all of it or nothing.
   */
  async addPackages(key: string, files: Record<string, string>): Promise<void> {
    const names = Object.keys(files).sort();
    if (!KEY.test(key) || !names.every((name) => FILE.test(name))) return;
    const hash = createHash('sha256');
    for (const name of names) hash.update(`${name}\n${files[name]}\n`);
    const version = hash.digest('hex').slice(0, 24);
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    const draft = join(this.directory, `.${key}.${randomUUID()}`);
    try {
      await mkdir(draft, { mode: 0o700 });
      await Promise.all(
        Object.entries(files).map(([name, text]) => writeFile(join(draft, name), text, { mode: 0o600 })),
      );
      // Whoever else wrote the same was first: it is the same.
      await rename(draft, join(this.directory, `${key}-${version}`)).catch(() => undefined);
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
    await this.#write(`${key}.packages`, version);
    await this.#prunePackages();
  }

  /** Leaves the versions that are named, and of the names the newest. */
  async #prunePackages(): Promise<void> {
    const entries = await readdir(this.directory);
    const notes = await Promise.all(
      entries
        .filter((name) => name.endsWith('.packages') && !name.startsWith('.'))
        .map(async (name) => ({
          name,
          writtenAt: (await stat(join(this.directory, name))).mtimeMs,
          kept: `${name.slice(0, -'.packages'.length)}-${await readFile(join(this.directory, name), 'utf8')}`,
        })),
    );
    notes.sort((a, b) => b.writtenAt - a.writtenAt);
    for (const { name } of notes.slice(MAX_BUNDLES)) await rm(join(this.directory, name), { force: true });
    const kept = new Set(notes.slice(0, MAX_BUNDLES).map((note) => note.kept));
    for (const name of entries) {
      if (VERSION.test(name) && !kept.has(name))
        await rm(join(this.directory, name), { recursive: true, force: true });
    }
  }

  async #write(name: string, text: string): Promise<void> {
    const draft = join(this.directory, `.${name}.${randomUUID()}`);
    try {
      await writeFile(draft, text, { mode: 0o600 });
      await rename(draft, join(this.directory, name));
    } finally {
      await rm(draft, { force: true });
    }
  }

  async #prune(): Promise<void> {
    const names = (await readdir(this.directory)).filter(
      (name) => name.endsWith('.js') && !name.startsWith('.'),
    );
    if (names.length <= MAX_BUNDLES) return;
    const aged = await Promise.all(
      names.map(async (name) => ({ name, usedAt: (await stat(join(this.directory, name))).mtimeMs })),
    );
    for (const { name } of aged.sort((a, b) => b.usedAt - a.usedAt).slice(MAX_BUNDLES)) {
      const base = join(this.directory, name.slice(0, -'.js'.length));
      await rm(`${base}.json`, { force: true });
      await rm(`${base}.js`, { force: true });
    }
  }
}
