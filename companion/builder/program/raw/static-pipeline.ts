import { existsSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Build, BuiltPage } from '../../protocol.ts';
import { NO_MODULES, type Pipeline, type PipelineContext } from '../pipeline.ts';

/** Event the page swaps style sheets on. */
const STYLES_CHANGED = 'vitrine:styles';

/** Whether the project has anything that needs a bundler. */
export function hasPackages(root: string): boolean {
  const file = join(root, 'package.json');
  if (!existsSync(file)) return false;
  const { dependencies, devDependencies } = JSON.parse(readFileSync(file, 'utf8')) as Record<
    string,
    object | undefined
  >;
  return Object.keys({ ...dependencies, ...devDependencies }).length > 0;
}

/** A site of plain files: served as they are, reloaded when they change, style sheets without a reload. */
export function openStatic({ options: { root }, emit }: PipelineContext): Pipeline {
  const page = (path: string): string => {
    const asked = decodeURIComponent(path.split(/[?#]/, 1)[0] ?? '/');
    const candidates = [asked, `${asked.replace(/\/$/, '')}/index.html`, `${asked}.html`, '/index.html'];
    const found = candidates.find(
      (name) => name.endsWith('.html') && !name.split('/').includes('..') && existsSync(join(root, name)),
    );
    if (found === undefined) throw new Error(`There is no index.html in ${root}.`);
    return readFileSync(join(root, found), 'utf8');
  };
  return {
    error: null,
    prepare: async () => void page('/'),
    async page(path): Promise<BuiltPage> {
      return { mode: 'static', html: page(path), entry: '', base: '/', vendor: '', modules: NO_MODULES };
    },
    async build(): Promise<Build> {
      return {
        mode: 'static',
        modules: {},
        vendor: '',
        outer: [],
        packages: {},
        base: '/',
        publicDirectory: root,
        assetDirectories: [root],
        template: 'static',
      };
    },
    async changed(paths) {
      const styles = paths.filter((path) => extname(path) === '.css');
      if (styles.length === paths.length) emit({ type: 'custom', event: STYLES_CHANGED, data: null });
      else emit({ type: 'reload', reason: 'A file changed.' });
    },
    restartsFor: (path) => path === join(root, 'package.json'),
    close: async () => undefined,
  };
}
