import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, extname, join, posix } from 'node:path';

const TEXT = new Set(
  '.js .jsx .mjs .cjs .ts .tsx .json .css .scss .sass .less .styl .html .vue .svelte .svg .md .txt .graphql .gql .pug .coffee'.split(
    ' ',
  ),
);
const ASSETS = new Set(
  '.png .jpg .jpeg .gif .webp .avif .ico .bmp .woff .woff2 .ttf .otf .eot .mp3 .mp4 .webm .ogg .wav .pdf .wasm'.split(
    ' ',
  ),
);
const STYLES = new Set(['.css', '.scss', '.sass', '.less', '.styl']);
/** Of a file beside the style sheet or below. */
const ADDRESS = /url\(\s*(['"]?)(?![a-z]+:|[/#~$@])([^'")]+?)\1\s*\)/gi;
const SKIPPED = new Set(['node_modules', 'dist', 'build', 'coverage', 'out']);
/** Larger text is data, not source. */
const MAX_FILE_BYTES = 1024 * 1024;
/** A frontend the bundler's transpilers can still cope with. */
const MAX_FILES = 3_000;

/** The bundler cannot be sent binary files: the page puts a URL of its own origin in this one's place. */
export const ASSET_MARK = 'vitrine-asset:';

/** Whether a file (path from the root) belongs to the sources. */
export function isSource(path: string): boolean {
  const parts = path.split('/');
  return (
    parts.every((part) => !part.startsWith('.') && !SKIPPED.has(part)) &&
    (TEXT.has(extname(path)) || ASSETS.has(extname(path)))
  );
}

/** Text of a source file as the bundler gets it, or null when it is none (any more). */
export function readSource(root: string, path: string): string | null {
  const stats = statSync(join(root, path), { throwIfNoEntry: false });
  if (!stats?.isFile() || !isSource(path)) return null;
  if (ASSETS.has(extname(path)) || stats.size > MAX_FILE_BYTES) return `${ASSET_MARK}/${path}`;
  const text = readFileSync(join(root, path), 'utf8');
  return STYLES.has(extname(path)) ? withWholeAddresses(root, path, text) : text;
}

/**
 * The bundler puts style sheets into the page, where addresses relative to the sheet would be relative to the page: those
 * of files that are there are written whole.
 */
function withWholeAddresses(root: string, path: string, text: string): string {
  return text.replace(ADDRESS, (whole, quote: string, address: string) => {
    const [file = '', rest = ''] = address.split(/(?=[?#])/, 2);
    const from = posix.join(dirname(path), file);
    if (from.startsWith('..') || !existsSync(join(root, from))) return whole;
    return `url(${quote}/${from}${rest}${quote})`;
  });
}

/** Every source file below the root, by its path from there. Throws when there are too many. */
export function readSources(root: string): Map<string, string> {
  const sources = new Map<string, string>();
  const visit = (directory: string): void => {
    for (const entry of readdirSync(join(root, directory), { withFileTypes: true })) {
      const path = directory === '' ? entry.name : `${directory}/${entry.name}`;
      if (entry.name.startsWith('.') || SKIPPED.has(entry.name)) continue;
      // A name that is not valid UTF-8 is read as one that leads nowhere, and no module can name it.
      if (entry.isDirectory() && existsSync(join(root, path))) visit(path);
      const text = entry.isFile() ? readSource(root, path) : null;
      if (text !== null) sources.set(path, text);
      if (sources.size > MAX_FILES)
        throw new Error(`More than ${MAX_FILES} source files: this project needs its own dev server.`);
    }
  };
  visit('');
  return sources;
}
