import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Directory beside the stores, which no sandbox sees. */
export const MARKS = 'installed';

/** What is known of the packages in a directory: that we are installing them, or did. */
export class InstallMarks {
  readonly #file: string;

  /** `packages`: where the stores are. `root`: where the packages are installed. */
  constructor(packages: string, root: string) {
    this.#file = join(packages, MARKS, createHash('sha256').update(root).digest('hex').slice(0, 16));
  }

  /** `installing` is also left by an installation that was cut off. */
  async read(): Promise<'installing' | 'installed' | null> {
    const text = await readFile(this.#file, 'utf8').catch(() => null);
    if (text === null) return null;
    return text === 'installed' ? 'installed' : 'installing';
  }

  async begin(): Promise<void> {
    await mkdir(dirname(this.#file), { recursive: true });
    await writeFile(this.#file, 'installing');
  }

  finish(): Promise<void> {
    return writeFile(this.#file, 'installed');
  }

  remove(): Promise<void> {
    return rm(this.#file, { force: true });
  }
}
