import { existsSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Build, BuiltPage } from '../../protocol.ts';
import { NO_MODULES, type Pipeline, type PipelineContext } from '../pipeline.ts';

type StaticPage = Pick<BuiltPage, 'html' | 'status' | 'location'>;

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
  const has = (name: string) =>
    !name.split('/').includes('..') &&
    statSync(join(root, name), { throwIfNoEntry: false })?.isFile() === true;
  const page = (path: string): StaticPage => {
    // Two slashes would begin another host's address.
    const asked = decodeURIComponent(path.split(/[?#]/, 1)[0] ?? '/').replace(/^[/\\]+/, '/');
    const inside = `${asked.replace(/\/$/, '')}/index.html`;
    const found = [asked, inside, `${asked}.html`].find((name) => name.endsWith('.html') && has(name));
    // Addresses in the page are relative to it.
    if (found === inside && !asked.endsWith('/')) return { html: '', status: 301, location: `${asked}/` };
    if (found !== undefined) return { html: readFileSync(join(root, found), 'utf8') };
    if (has('404.html')) return { html: readFileSync(join(root, '404.html'), 'utf8'), status: 404 };
    if (has('index.html')) return { html: readFileSync(join(root, 'index.html'), 'utf8') };
    throw new Error(`There is no index.html in ${root}.`);
  };
  return {
    error: null,
    prepare: async () => void page('/'),
    async page(path): Promise<BuiltPage> {
      return { mode: 'static', ...page(path), entry: '', base: '/', vendor: '', modules: NO_MODULES };
    },
    async build(): Promise<Build> {
      return {
        mode: 'static',
        modules: {},
        vendor: '',
        outer: [],
        packages: {},
        base: '/',
        // What is in there is at the top too, as development servers have it.
        publicDirectory: existsSync(join(root, 'public')) ? join(root, 'public') : root,
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
