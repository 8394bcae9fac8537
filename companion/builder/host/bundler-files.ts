import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { VitrineError } from '#shared/errors.ts';
import { REWRITES } from './bundler-rewrites.ts';

// The package exports only its entry, dist/index.js.
const directory = join(
  dirname(createRequire(import.meta.url).resolve('@codesandbox/sandpack-client')),
  '..',
  'sandpack',
);

/** Scripts of the bundler in the order a page loads them. */
export const BUNDLER_SCRIPTS = [
  'static/browserfs12/browserfs.min.js',
  'static/js/vendors~sandbox.ecbcf4e6a.chunk.js',
  'static/js/default~sandbox~sandbox-startup.a81a9aa5d.chunk.js',
  'static/js/sandbox.8a7d01a44.js',
];
const rewritten = new Map<string, Promise<Buffer | null>>();

/**
 * A file of the bundler as pages get it, or null when there is none of that name. Throws BUNDLER_CHANGED when
 * something that must be replaced in it is not there.
 */
export function bundlerFile(path: string): Promise<Buffer | null> {
  let file = rewritten.get(path);
  if (file === undefined) {
    file = read(path);
    if (REWRITES.some((rewrite) => rewrite.file.test(path))) rewritten.set(path, file);
  }
  return file;
}

/** Makes sure that the installed bundler is the one we know. */
export async function checkBundler(): Promise<void> {
  const files = await Promise.all(BUNDLER_SCRIPTS.map(bundlerFile));
  if (files.includes(null)) throw changed('a script', 'all of its files');
}

async function read(path: string): Promise<Buffer | null> {
  if (!/^[\w.~/-]+$/.test(path) || path.includes('..')) return null;
  const content = await readFile(join(directory, path)).catch(() => null);
  const rewrites = REWRITES.filter(({ file }) => file.test(path));
  if (content === null || rewrites.length === 0) return content;
  let text = content.toString('utf8');
  for (const { find, replace } of rewrites) {
    if (!text.includes(find)) throw changed(path, find.slice(0, 80));
    text = text.replaceAll(find, () => replace);
  }
  return Buffer.from(text);
}

function changed(path: string, what: string): VitrineError {
  return new VitrineError({
    code: 'BUNDLER_CHANGED',
    message: `The bundler's file ${path} does not contain what Vitrine expects: ${what}`,
    remedy: 'Install the version of @codesandbox/sandpack-client that package-lock.json names.',
  });
}
