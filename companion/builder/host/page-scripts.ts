import { scriptsIn } from '../html-scripts.ts';

const IMPORT = /\b(?:from|import)\s*["'](\/[^"']+)["']/g;

/**
 * Paths of the modules that a page names, as far as they are plain to see: in `src` attributes, and in the imports of
 * scripts that stand in the page.
 */
export function scriptsOf(html: string): string[] {
  const modules = scriptsIn(html).filter(({ type }) => type.toLowerCase() === 'module');
  const paths = modules.flatMap(({ source, text }) =>
    source === undefined
      ? [...text.matchAll(IMPORT)].map(([, imported = '']) => imported)
      : [source.replaceAll('&amp;', '&')],
  );
  return [...new Set(paths)].filter((path) => /^\/(?!\/)/.test(path));
}
