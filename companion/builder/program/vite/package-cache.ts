import { createHash } from 'node:crypto';
import { existsSync, realpathSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { ResolvedConfig, ViteDevServer } from 'vite';

const METADATA = '_metadata.json';
/** Stands for the nearest node_modules that has the file: it is elsewhere for another worktree. */
const PACKAGES = '<packages>/';
const MODULES = `${sep}node_modules${sep}`;
/** Bundled packages larger than this are not shared, bytes. */
const MAX_SHARED_BYTES = 48 * 1024 * 1024;

/** What Vite's optimizer writes down of its work, as far as we look at it (Vite 5 to 8). */
interface Metadata {
  hash: string;
  lockfileHash?: string;
  configHash?: string;
  browserHash: string;
  optimized: Record<string, { src: string; file: string }>;
}
type Hashes = Pick<Metadata, 'hash' | 'lockfileHash' | 'configHash'>;

/** Bundled packages as the companion keeps them: file name → text. */
export type SharedPackages = Record<string, string>;

/**
 * Packages that Vite's optimizer bundled, shared by every worktree whose packages and settings are the same. Vite
 * ties them to one root; what ties them is replaced when they are laid out for another.
 */
export class PackageCache {
  /** Name of what this project's packages come to: equal for equal packages and settings, in any worktree. */
  readonly key: string;
  readonly #directory: string;
  readonly #root: string;
  readonly #shared: string;
  #offered = '';

  constructor(config: ResolvedConfig, sharedDirectory: string, viteVersion: string, stamp: string) {
    this.#root = config.root;
    this.#directory = join(config.cacheDir, 'deps');
    this.#shared = sharedDirectory;
    this.key = createHash('sha256')
      .update(`${viteVersion}\n${stamp}\n${settingsOf(config)}`)
      .digest('hex')
      .slice(0, 24);
  }

  /** Lays out what was bundled before, unless this worktree has its own already. */
  async seed(server: ViteDevServer): Promise<boolean> {
    const hashes = hashesOf(server);
    if (hashes === null || existsSync(join(this.#directory, METADATA))) return false;
    try {
      const version = (await readFile(join(this.#shared, `${this.key}.packages`), 'utf8')).trim();
      if (!/^[0-9a-f]{24}$/.test(version)) return false;
      const source = join(this.#shared, `${this.key}-${version}`);
      const metadata = JSON.parse(await readFile(join(source, METADATA), 'utf8')) as Metadata;
      for (const info of Object.values(metadata.optimized)) {
        const file = this.#untie(info.src);
        if (file === null) return false;
        info.src = relative(this.#directory, file).replaceAll('\\', '/');
      }
      const draft = `${this.#directory}.draft`;
      await rm(draft, { recursive: true, force: true });
      await mkdir(draft, { recursive: true });
      const names = (await readdir(source)).filter((name) => name !== METADATA);
      await Promise.all(names.map((name) => copyFile(join(source, name), join(draft, name))));
      await writeFile(join(draft, METADATA), JSON.stringify({ ...metadata, ...hashes }));
      await rm(this.#directory, { recursive: true, force: true });
      await rename(draft, this.#directory);
      this.#offered = metadata.browserHash;
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false; // nobody bundled them yet
      throw error;
    }
  }

  /** Whether there is something that was not offered yet: then it is from now on. */
  async isNew(): Promise<boolean> {
    const metadata = await this.#metadata();
    if (metadata === null || metadata.browserHash === this.#offered) return false;
    this.#offered = metadata.browserHash;
    return Object.keys(metadata.optimized).length > 0;
  }

  /** All that was bundled, for other worktrees; null when it is too large, or being replaced just now. */
  async collect(): Promise<SharedPackages | null> {
    const metadata = await this.#metadata();
    if (metadata === null) return null;
    for (const info of Object.values(metadata.optimized)) info.src = this.#tie(info.src);
    const files: SharedPackages = {};
    let size = 0;
    for (const name of await readdir(this.#directory)) {
      if (name === METADATA) continue;
      const path = join(this.#directory, name);
      size += (await stat(path)).size;
      if (size > MAX_SHARED_BYTES) return null;
      files[name] = await readFile(path, 'utf8');
    }
    files[METADATA] = JSON.stringify(metadata);
    return files;
  }

  async #metadata(): Promise<Metadata | null> {
    try {
      return JSON.parse(await readFile(join(this.#directory, METADATA), 'utf8')) as Metadata;
    } catch {
      return null; // nothing bundled, or Vite is at it
    }
  }

  #tie(source: string): string {
    const file = resolve(this.#directory, source);
    const at = file.indexOf(MODULES);
    return at < 0 ? relative(this.#root, file) : `${PACKAGES}${file.slice(at + MODULES.length)}`;
  }

  #untie(source: string): string | null {
    if (!source.startsWith(PACKAGES))
      return existsSync(join(this.#root, source)) ? join(this.#root, source) : null;
    for (let directory = this.#root; ; directory = dirname(directory)) {
      const file = join(directory, 'node_modules', source.slice(PACKAGES.length));
      if (existsSync(file)) return realpathSync(file);
      if (directory === dirname(directory)) return null;
    }
  }
}

/** What Vite found its cache would have to say. Vite 5 keeps that to itself: there the cache is the worktree's own. */
function hashesOf(server: ViteDevServer): Hashes | null {
  const metadata = server.environments?.client?.depsOptimizer?.metadata as Hashes | undefined;
  if (metadata?.hash === undefined) return null;
  const { hash, lockfileHash, configHash } = metadata;
  return { hash, lockfileHash, configHash };
}

/** The settings that packages are bundled by, without where the project is. */
function settingsOf(config: ResolvedConfig): string {
  const { optimizeDeps, resolve: resolution, plugins, define, mode, assetsInclude } = config;
  const text = JSON.stringify(
    [
      optimizeDeps,
      resolution,
      plugins.map(({ name }) => name),
      define,
      mode,
      assetsInclude,
      process.env.NODE_ENV,
    ],
    (_name, value: unknown) =>
      typeof value === 'function' || value instanceof RegExp ? String(value) : value,
  );
  return isAbsolute(config.root) && config.root !== '/' ? text.replaceAll(config.root, '<root>') : text;
}
