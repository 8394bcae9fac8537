import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { version } from 'esbuild';
import { bundleVendor, type VendorBundle, type VendorOptions } from './bundle.ts';
import type { VendorEntries } from './entries.ts';

/** The current vendor bundle: known from the cache, or made once for its key. */
export class VendorStore {
  readonly #entries: VendorEntries;
  readonly #directory: string;
  readonly #options: VendorOptions;
  readonly #stamp: string;
  #current: { key: string; bundle: Promise<VendorBundle> } | null = null;

  constructor(spec: { entries: VendorEntries; directory: string; options: VendorOptions; stamp: string }) {
    this.#entries = spec.entries;
    this.#directory = spec.directory;
    this.#options = spec.options;
    this.#stamp = spec.stamp;
  }

  /** Name of the bundle the app needs now: equal contents have equal names, in any worktree of the project. */
  get key(): string {
    const keys = this.#entries.list().map(([key]) => key);
    if (keys.length === 0) return '';
    return createHash('sha256')
      .update(JSON.stringify([version, this.#stamp, this.#options.define, keys]))
      .digest('hex')
      .slice(0, 24);
  }

  /** URLs of the modules the bundle leaves to Vite. */
  async outer(): Promise<string[]> {
    const { key } = this;
    if (key === '') return [];
    const known = await this.#readCached(key);
    return known ?? (await this.#make(key)).outer;
  }

  async text(key: string): Promise<string | null> {
    return key === this.key && key !== '' ? (await this.#make(key)).code : null;
  }

  #make(key: string): Promise<VendorBundle> {
    if (this.#current?.key !== key) {
      const bundle = bundleVendor(this.#entries.list(), this.#options);
      this.#current = { key, bundle };
      bundle.catch(() => {
        // Tried again when asked again; told by whoever awaits it.
        if (this.#current?.bundle === bundle) this.#current = null;
      });
    }
    return this.#current.bundle;
  }

  async #readCached(key: string): Promise<string[] | null> {
    try {
      const { outer } = JSON.parse(await readFile(join(this.#directory, `${key}.json`), 'utf8')) as {
        outer: string[];
      };
      return outer;
    } catch {
      return null; // not made yet
    }
  }
}
