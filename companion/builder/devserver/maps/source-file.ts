import { stat } from 'node:fs/promises';
import { isAbsolute, join, posix, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isInside } from '../../../worktrees/is-inside.ts';

export interface SourcePlaces {
  worktree: string;
  /** Where the dev server runs. */
  root: string;
}

/** How bundlers name what they bundled: `webpack://app/./src/a.js?1f2e`, `turbopack:///[project]/a.js`. */
const SCHEME = /^(?:webpack|rspack|turbopack|parcel|ng|app|webpack-internal):\/\/(?:[^/]*\/)?/;
/** What comes before the path: a layer of Next's, the project of Turbopack, the root of Parcel. */
const BEFORE = /^\/*(?:\([\w-]+\)\/|\[project\]\/|__parcel_source_root\/)*/;
/** Folders that addresses have before a file's own path: `/_nuxt/app/pages/index.vue`. */
const MAX_LEFT_OUT = 3;
/** Folders that a framework's own server takes for the top: Nuxt's `app`, `src` of others. */
const TOPS = ['', 'app', 'src'];

/**
 * The file of the worktree that a source map calls so, relative to the worktree; null for a package's, one elsewhere, and
 * one that is not there. `served`: the path of the script that has the map.
 */
export async function sourceFile(
  source: string,
  served: string,
  { worktree, root }: SourcePlaces,
): Promise<string | null> {
  for (const path of candidates(source, served, root, worktree)) {
    const way = relative(worktree, path).replaceAll('\\', '/');
    if (!isInside(worktree, path) || /(?:^|\/)(?:node_modules|\.git)\//.test(way)) continue;
    const isFile = await stat(path).then(
      (found) => found.isFile(),
      () => false,
    );
    if (isFile) return way;
  }
  return null;
}

function* candidates(source: string, served: string, root: string, worktree: string): Generator<string> {
  const [name = ''] = source.split('?', 1);
  if (name.includes('node_modules/') || name.includes('\0')) return;
  if (name.startsWith('file:')) return yield* fromFileUrl(name);
  const path = decoded(name.replace(SCHEME, '').replace(BEFORE, ''));
  const isNamed = SCHEME.test(name) || name.includes('__parcel_source_root');
  if (!isNamed && isAbsolute(name)) yield decoded(name);
  if (!isNamed && !isAbsolute(name)) {
    // As the map's address has it: the source lies beside the script.
    const beside = posix.join('/', posix.dirname(served), path);
    const parts = beside
      .replace(/^\/@fs(?=\/)/, '')
      .split('/')
      .slice(1);
    if (served.startsWith('/@fs/')) yield `/${parts.join('/')}`;
    for (let left = 0; left <= MAX_LEFT_OUT && left < parts.length; left += 1)
      for (const top of TOPS) yield join(root, top, ...parts.slice(left));
  }
  const plain = path.replace(/^(?:\.{1,2}\/)+/, '');
  for (const directory of [root, worktree]) {
    yield join(directory, path);
    yield join(directory, plain);
  }
}

function* fromFileUrl(name: string): Generator<string> {
  try {
    yield fileURLToPath(name);
  } catch {
    // No address of a file.
  }
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path; // a file may be called so
  }
}
