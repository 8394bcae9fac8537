import { createHash } from 'node:crypto';
import { readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { MARKS } from './install-marks.ts';

/** Stores beyond these are removed, the one that was used longest ago first. */
const MAX_STORES = 10;
/** One that was not used for this long is removed. */
const MAX_AGE_MS = 30 * 24 * 3_600_000;

/**
 * What package managers fetched before: one store for each project, for an attempt can put into its store what it
 * likes, and attempts of one project trust each other with their packages in any case.
 */
export class PackageStores {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** The store of a project. It counts as used now. */
  async of(mainCheckout: string): Promise<string> {
    const name = createHash('sha256').update(mainCheckout).digest('hex').slice(0, 16);
    const store = join(this.#directory, name);
    await utimes(store, new Date(), new Date()).catch(() => undefined); // not made yet
    return store;
  }

  /** Removes stores that nobody used for long, and those that are too many. */
  async sweep(now = Date.now()): Promise<void> {
    const names = (await readdir(this.#directory).catch(() => [])).filter((name) => name !== MARKS);
    const stores = await Promise.all(
      names.map(async (name) => {
        const path = join(this.#directory, name);
        return { path, usedAt: (await stat(path).catch(() => null))?.mtimeMs ?? 0 };
      }),
    );
    const sorted = stores.toSorted((a, b) => b.usedAt - a.usedAt);
    const old = sorted.filter(({ usedAt }, index) => index >= MAX_STORES || now - usedAt > MAX_AGE_MS);
    for (const { path } of old) await rm(path, { recursive: true, force: true, maxRetries: 3 });
  }
}
