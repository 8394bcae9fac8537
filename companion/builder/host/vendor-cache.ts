import { createHash, randomUUID } from 'node:crypto';
import { access, mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dependencyStamp } from '../program/lock-file.ts';

/** Vendor bundles kept of one lock file; the ones not used for longest go first. */
const MAX_BUNDLES = 12;
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
