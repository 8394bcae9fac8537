import { resolve } from 'node:path';
import type { ResolvedConfig, ViteDevServer, WatchOptions } from 'vite';
import { isInside } from '../../../worktrees/is-inside.ts';
import type { ViteModule } from './find-vite.ts';

/**
 * Which of a worktree's files Vite's own watcher would tell of: those of the project, and what its modules and plugins
 * asked for, without what `server.watch.ignored` names. A page reloads for any HTML file that it is told of.
 */
export class WatchedFiles {
  readonly #added = new Set<string>();
  readonly #ignores: (path: string) => boolean;
  #places: string[] | null = null;

  constructor(vite: Pick<ViteModule, 'createFilter'>, ignored: WatchOptions['ignored']) {
    const rules = [ignored ?? []].flat();
    const patterns = rules.filter((rule) => typeof rule === 'string' || rule instanceof RegExp);
    const matches = patterns.length > 0 ? vite.createFilter(patterns, [], { resolve: false }) : () => false;
    const functions = rules.filter((rule) => typeof rule === 'function');
    this.#ignores = (path) => matches(path) || functions.some((rule) => rule(path));
  }

  /** Hears of what is watched beside the project. To be called before plugins see the server. */
  attach({ config, watcher }: ViteDevServer): void {
    this.#places = placesOf(config);
    const add = watcher.add.bind(watcher);
    watcher.add = (paths) => {
      for (const path of [paths].flat()) this.#added.add(resolve(config.root, String(path)));
      return add(paths);
    };
  }

  includes(path: string): boolean {
    if (this.#ignores(path)) return false;
    if (this.#places === null || this.#places.some((place) => isInside(place, path))) return true;
    return [...this.#added].some((added) => isInside(added, path));
  }
}

/** `false` and nothing are no directories. */
const placesOf = ({ root, publicDir, envDir }: ResolvedConfig): string[] =>
  [root, publicDir, envDir].flatMap((place) => (typeof place === 'string' && place !== '' ? [place] : []));
