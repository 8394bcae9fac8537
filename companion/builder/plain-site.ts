import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isInside } from '../worktrees/is-inside.ts';
import { readTextSync } from '../worktrees/read-text.ts';
import { scriptsIn } from './html-scripts.ts';

/** Scripts looked into; a site of more is taken for one that a browser runs as it is. */
const MAX_SCRIPTS = 300;
const MAX_SCRIPT_BYTES = 1024 * 1024;
const IMPORT = /(?:\bfrom|\bimport)\s*(?:\(\s*)?['"]([^'"]+)['"]/g;
const REMOTE = /^(?:[a-z]+:|\/\/|data:)/i;
/** What a script may be or import without a bundler; an ending of another kind is for one. */
const COMPILED = /\.(?!(?:[cm]?js|json|wasm)$)[a-z]\w*$/i;

/**
 * Whether a browser runs the page of a directory as it lies there: its scripts, and what they import, are plain JavaScript,
 * and name nothing that only a package manager or a bundler knows.
 */
export function isPlainSite(root: string): boolean {
  const html = read(root, join(root, 'index.html'));
  if (html === null) return false;
  const scripts = scriptsIn(html);
  const maps = scripts.filter(({ type }) => type === 'importmap').map(({ text }) => mappedIn(text));
  const mapped = maps.flat();
  const isKnown = (specifier: string) =>
    mapped.some((name) => specifier === name || (name.endsWith('/') && specifier.startsWith(name)));
  const waiting: string[] = [];
  for (const { source, type, text } of scripts) {
    if (source !== undefined && !REMOTE.test(source)) waiting.push(fileOf(root, root, source));
    if (type === 'module' && source === undefined)
      waiting.push(...importsOf(text).map((name) => (isPath(name) ? fileOf(root, root, name) : name)));
  }
  const seen = new Set<string>();
  for (let name = waiting.pop(); name !== undefined && seen.size < MAX_SCRIPTS; name = waiting.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    if (COMPILED.test(name)) return false;
    if (!name.startsWith('/')) {
      if (!REMOTE.test(name) && !isKnown(name)) return false;
      continue;
    }
    const directory = dirname(name);
    const imports = importsOf(read(root, name) ?? ''); // what is not there is not found by the browser either
    waiting.push(...imports.map((each) => (isPath(each) ? fileOf(root, directory, each) : each)));
  }
  return true;
}

/** Whether the scripts that the page of a directory names are there: what a build makes of sources may not be. */
export function hasItsScripts(root: string): boolean {
  const html = read(root, join(root, 'index.html')) ?? '';
  return scriptsIn(html).every(
    ({ source }) => source === undefined || REMOTE.test(source) || existsSync(fileOf(root, root, source)),
  );
}

const isPath = (specifier: string): boolean => /^\.{0,2}\//.test(specifier);

const importsOf = (text: string): string[] =>
  [...withoutComments(text).matchAll(IMPORT)].map(([, name = '']) => name);

/** In one go through the text: an attempt writes it, and may mean harm. */
function withoutComments(text: string): string {
  const kept: string[] = [];
  let from = 0;
  const last = text.lastIndexOf('*/');
  for (const { 0: comment, index } of text.matchAll(/\/\*|^[ \t]*\/\/.*$/gm)) {
    const isBlock = comment === '/*';
    if (index < from || (isBlock && last < index + 2)) continue;
    kept.push(text.slice(from, index));
    from = isBlock ? text.indexOf('*/', index + 2) + 2 : index + comment.length;
  }
  return [...kept, text.slice(from)].join('');
}

const fileOf = (root: string, directory: string, address: string): string => {
  const [path = ''] = address.split(/[?#]/, 1);
  return path.startsWith('/') ? join(root, path) : join(directory, path);
};

function mappedIn(text: string): string[] {
  try {
    return Object.keys((JSON.parse(text) as { imports?: Record<string, string> }).imports ?? {});
  } catch {
    return []; // the browser says so
  }
}

/** What is no file of a script's size is nothing to look into, whatever a page calls it. */
function read(root: string, path: string): string | null {
  try {
    return isInside(root, path) ? readTextSync(path, MAX_SCRIPT_BYTES) : null;
  } catch {
    return null;
  }
}
