import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { VitrineError } from '#shared/errors.ts';
import { BUNDLER_PATH } from '#shared/frame/page.ts';
import { EMULATED_HOSTS } from './emulated-hosts.ts';

interface Rewrite {
  file: RegExp;
  find: string;
  replace: string;
}

// The package exports only its entry, dist/index.js.
const directory = join(dirname(createRequire(import.meta.url).resolve('@codesandbox/sandpack-client')), '..', 'sandpack');

/** Scripts of the bundler in the order the page loads them. */
export const BUNDLER_SCRIPTS = [
  'static/browserfs12/browserfs.min.js',
  'static/js/vendors~sandbox.ecbcf4e6a.chunk.js',
  'static/js/default~sandbox~sandbox-startup.a81a9aa5d.chunk.js',
  'static/js/sandbox.8a7d01a44.js',
];

const SANDBOX = /\/sandbox\.[0-9a-f]+\.js$/;
const SHARED = /\/default~sandbox~sandbox-startup\.[0-9a-f]+\.chunk\.js$/;

/**
 * What is changed in the bundler's files on their way to the page. Every one must be found: a bundler that still
 * speaks to a remote host, or to any window, must not be served.
 */
const REWRITES: Rewrite[] = [
  ...EMULATED_HOSTS.map(({ host, path, file }) => ({ file: file ?? SANDBOX, find: `https://${host}`, replace: path })),
  { file: SANDBOX, find: 'i.p="/"', replace: `i.p="${BUNDLER_PATH}"` },
  { file: SANDBOX, find: 'new Worker("/', replace: `new Worker("${BUNDLER_PATH}` },
  { file: SHARED, find: 'new Worker("/', replace: `new Worker("${BUNDLER_PATH}` },
  // Whether or not the page has a parent or an opener, it is driven from within.
  {
    file: SHARED,
    find: 'U="undefined"==typeof window||!!(window.location&&window.location.href.indexOf("?standalone")>-1)||!window.opener&&window.parent===window||!!(window.location&&window.location.href.indexOf(w)>-1)',
    replace: 'U=!1',
  },
  {
    file: SHARED,
    find: 'U||null===S&&"initialized"!==e.type||(window.opener?window.opener.postMessage(t,null===S?"*":S):window.parent.postMessage(t,null===S?"*":S))',
    replace: 'window.__vitrine_bundler__.dispatched(t)',
  },
  { file: SHARED, find: 'self.addEventListener("message",_)', replace: 'void 0' },
  {
    file: SHARED,
    find: 'window.addEventListener("message",j)',
    replace: '(window.__vitrine_bundler__.deliver=function(d){L(d,window)})',
  },
];

/** A file of the bundler as the page gets it, or null when there is none of that name. */
export async function bundlerFile(path: string): Promise<Buffer | string | null> {
  if (path.includes('..')) return null;
  let content: Buffer;
  try {
    content = await readFile(join(directory, path));
  } catch {
    return null;
  }
  const rewrites = REWRITES.filter(({ file }) => file.test(`/${path}`));
  if (rewrites.length === 0) return content;
  let text = content.toString('utf8');
  for (const { find, replace } of rewrites) {
    if (!text.includes(find)) {
      throw new VitrineError({
        code: 'BUNDLER_CHANGED',
        message: `The bundler file ${path} no longer contains what Vitrine replaces in it: ${find.slice(0, 80)}`,
        remedy: 'Install the version of @codesandbox/sandpack-client that package-lock.json names.',
      });
    }
    text = text.replaceAll(find, replace);
  }
  return text;
}
