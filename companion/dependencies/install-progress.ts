import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { MAX_LOCK_FILE_BYTES, readText } from '../worktrees/read-text.ts';
import type { PackageManager } from './package-manager.ts';

const LOOK_EVERY_MS = 500;
const npmLockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({ link: z.boolean().optional(), optional: z.boolean().optional() }),
  ),
});

/** How far an installation is: packages that are there, of those there will be. */
export interface InstallCount {
  there: number;
  wanted: number;
}

/** Looks at an installation until it is stopped, and tells when there is more of it. Never throws. */
export class InstallProgress {
  readonly #manager: PackageManager;
  readonly #onCount: (count: InstallCount) => void;
  readonly #over = new AbortController();
  #last = '';

  constructor(manager: PackageManager, onCount: (count: InstallCount) => void) {
    this.#manager = manager;
    this.#onCount = onCount;
    if (manager.name !== 'pnpm') void this.#watch();
  }

  /** A line the manager printed. pnpm counts by itself. */
  line(text: string): void {
    const [, wanted, there] = /^Progress: resolved (\d+),.* added (\d+)/.exec(text) ?? [];
    if (wanted && there) this.#tell({ there: Number(there), wanted: Number(wanted) });
  }

  stop(): void {
    this.#over.abort();
  }

  async #watch(): Promise<void> {
    const paths = await wantedPaths(this.#manager);
    if (paths.length === 0) return;
    const look = async () => {
      if (this.#over.signal.aborted) return;
      const found = await Promise.all(paths.map(isThere));
      this.#tell({ there: found.filter(Boolean).length, wanted: paths.length });
      if (!this.#over.signal.aborted) setTimeout(() => void look(), LOOK_EVERY_MS).unref();
    };
    await look();
  }

  #tell(count: InstallCount): void {
    const text = `${count.there}/${count.wanted}`;
    if (text === this.#last || this.#over.signal.aborted) return;
    this.#last = text;
    this.#onCount(count);
  }
}

/** Where the lock file says that packages will be. Optional ones may be for another platform: they are not counted. */
async function wantedPaths({ name, root, lockFile }: PackageManager): Promise<string[]> {
  const text = lockFile ? await readText(lockFile, { maxBytes: MAX_LOCK_FILE_BYTES }).catch(() => '') : '';
  if (name === 'npm') {
    const parsed = npmLockSchema.safeParse(parseJson(text));
    if (!parsed.success) return [];
    return Object.entries(parsed.data.packages)
      .filter(([path, { link, optional }]) => path.includes('node_modules/') && !link && !optional)
      .map(([path]) => join(root, path));
  }
  if (name !== 'yarn') return [];
  // Hoisted: each name once at the top.
  const names = [...text.matchAll(/^"?(@?[^@\s"]+)@[^\n]*:$/gm)].map(([, each = '']) => each);
  return [...new Set(names)].map((each) => join(root, 'node_modules', each));
}

/** A directory alone is made before what is in it. */
async function isThere(path: string): Promise<boolean> {
  return access(join(path, 'package.json')).then(
    () => true,
    () => false,
  );
}

/** How many packages lie in a node_modules, for the sentence at the end. */
export async function countPackages(root: string): Promise<number> {
  const modules = join(root, 'node_modules');
  const names = (await readdir(modules).catch(() => [])).filter((name) => !name.startsWith('.'));
  const scoped = await Promise.all(
    names.map(async (name) =>
      name.startsWith('@') ? (await readdir(join(modules, name)).catch(() => [])).length : 1,
    ),
  );
  return scoped.reduce((sum, count) => sum + count, 0);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
