import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { type FrameModules, VENDOR_GLOBAL } from '#shared/frame/page.ts';
import type { Build, BuiltPage } from '../../protocol.ts';
import { dependencyStamp, isLockFile } from '../lock-file.ts';
import { NO_MODULES, type Pipeline, type PipelineContext } from '../pipeline.ts';
import { VendorEntries } from '../vendor/entries.ts';
import { VendorStore } from '../vendor/vendor-store.ts';
import { rawEnvironment } from './environment.ts';
import { scanPackages } from './scan-packages.ts';
import { readSource, readSources } from './source-files.ts';
import { entryOf, templateOf } from './template.ts';

interface Manifest {
  name?: string;
  main?: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

/** Feeds a project without Vite to the bundler's own transpilers, its packages from one vendor bundle. */
export async function openRaw(context: PipelineContext): Promise<Pipeline> {
  const { root, worktree, vendorDirectory } = context.options;
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
  const declared = new Set(Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }));
  const template = templateOf(declared, root);
  const env = rawEnvironment(root, context.options.appEnv);
  const sources = readSources(root);
  const entries = new VendorEntries(root);
  let specifiers = new Map<string, string>();

  const rescan = async (): Promise<void> => {
    specifiers = await scanPackages(root, sources.keys());
    for (const [name, file] of transpilerRuntime(root, template))
      if (!specifiers.has(name)) specifiers.set(name, file);
    for (const file of specifiers.values()) entries.add(file);
  };
  const vendor = new VendorStore({
    entries,
    directory: vendorDirectory,
    options: {
      root,
      define: { 'process.env.NODE_ENV': '"development"', global: 'globalThis' },
      conditions: ['module', 'browser', 'development'],
      aliases: [],
    },
    stamp: dependencyStamp(root, worktree),
  });
  let announced = '';

  const modules = (): FrameModules => {
    const all: FrameModules = {};
    for (const [path, code] of sources) all[`/${path}`] = { code };
    all['/package.json'] = { code: JSON.stringify(bundlerManifest(manifest, template, root, specifiers)) };
    if (Object.keys(env).length > 0) {
      all['/.env'] = {
        code: Object.entries(env)
          .map(([name, value]) => `${name}=${value}`)
          .join('\n'),
      };
    }
    return all;
  };

  return {
    error: null,
    prepare: rescan,
    async page(): Promise<BuiltPage> {
      const entry = entryOf(manifest.main, root) ?? 'index.html';
      return {
        mode: 'raw',
        html: pageOf(root, env),
        entry: `/${entry}`,
        base: '/',
        vendor: vendor.key,
        modules: NO_MODULES,
      };
    },
    async build(): Promise<Build> {
      announced = vendor.key;
      await vendor.outer();
      const publicDirectory = join(root, 'public');
      return {
        mode: 'raw',
        modules: modules(),
        vendor: announced,
        outer: [],
        packages: stubs(specifiers, entries),
        base: '/',
        publicDirectory: existsSync(publicDirectory) ? publicDirectory : null,
        assetDirectories: [root],
        template,
      };
    },
    vendor: (key) => vendor.text(key),
    async changed(paths) {
      const changed: FrameModules = {};
      let isGone = false;
      for (const path of paths.map((absolute) => relative(root, absolute).replaceAll('\\', '/'))) {
        const code = readSource(root, path);
        if (code === null) isGone = sources.delete(path) || isGone;
        else if (sources.get(path) !== code) {
          sources.set(path, code);
          changed[`/${path}`] = { code };
        }
      }
      if (Object.keys(changed).length > 0) await rescan();
      if (vendor.key !== announced) return context.onPackagesChanged();
      if (isGone) context.onPackagesChanged();
      else if (Object.keys(changed).length > 0)
        context.emit({ type: 'update', modules: changed, later: {}, pruned: [] });
    },
    restartsFor: (path) =>
      isLockFile(path) ||
      (dirname(path) === root && (basename(path) === 'package.json' || basename(path).startsWith('.env'))),
    close: async () => undefined,
  };
}

/**
 * By this name the bundler knows that Babel 7 is meant. Without it, it compiles with Babel 6 at first and asks that for
 * Babel 7's plugins when a module is loaded later.
 */
const BABEL_7 = { '@babel/core': '^7.0.0' };

/** package.json as the bundler reads it: a start module, and only packages it will be given. */
function bundlerManifest(
  manifest: Manifest,
  template: string,
  root: string,
  specifiers: Map<string, string>,
) {
  const main = template === 'parcel' ? manifest.main : (entryOf(manifest.main, root) ?? manifest.main);
  const dependencies = Object.fromEntries(
    [...new Set([...specifiers.keys()].map(packageName))].map((name) => [name, versionOf(root, name)]),
  );
  return { name: manifest.name ?? 'preview', main, dependencies, devDependencies: BABEL_7 };
}

/** What the bundler's transpilers add to the code they make. */
function transpilerRuntime(root: string, template: string): Map<string, string> {
  const found = new Map<string, string>();
  const requires = [createRequire(join(root, 'package.json')), createRequire(import.meta.url)];
  const add = (name: string) => {
    for (const require of requires) {
      try {
        found.set(name, require.resolve(name));
        return;
      } catch {
        // looked for in the next place
      }
    }
  };
  if (template.startsWith('create-react-app')) {
    for (const name of ['react-refresh/runtime', 'react/jsx-runtime', 'react/jsx-dev-runtime']) add(name);
  }
  add('@babel/runtime/package.json');
  const helpers = found.get('@babel/runtime/package.json');
  found.delete('@babel/runtime/package.json');
  if (helpers !== undefined) {
    const directory = join(dirname(helpers), 'helpers');
    for (const file of readdirSync(directory)) {
      if (file.endsWith('.js'))
        found.set(`@babel/runtime/helpers/${file.slice(0, -3)}`, join(directory, file));
    }
    add('@babel/runtime/regenerator');
  }
  return found;
}

/** Files that stand for the packages in the bundler: each asks the vendor bundle. */
function stubs(specifiers: Map<string, string>, entries: VendorEntries): Build['packages'] {
  const packages: Build['packages'] = {};
  for (const [specifier, file] of specifiers) {
    const name = packageName(specifier);
    const within = specifier.slice(name.length + 1).replace(/\.js$/, '');
    const files = packages[name] ?? {
      'package.json': JSON.stringify({ name, version: '0.0.0', main: 'index.js' }),
    };
    packages[name] = files;
    files[`${within === '' ? 'index' : within}.js`] =
      `module.exports = globalThis.${VENDOR_GLOBAL}[${JSON.stringify(entries.add(file))}]();`;
  }
  return packages;
}

function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function versionOf(root: string, name: string): string {
  const file = createRequire(join(root, 'package.json'))
    .resolve.paths(name)
    ?.map((directory) => join(directory, name, 'package.json'))
    .find(existsSync);
  if (file === undefined) return '0.0.0';
  return (JSON.parse(readFileSync(file, 'utf8')) as { version?: string }).version ?? '0.0.0';
}

function pageOf(root: string, env: Record<string, string>): string {
  const file = ['public/index.html', 'index.html', 'src/index.html']
    .map((path) => join(root, path))
    .find(existsSync);
  if (file === undefined)
    return '<!doctype html><html><head></head><body><div id="root"></div></body></html>';
  return readFileSync(file, 'utf8').replace(/%([A-Z_][A-Z0-9_]*)%/g, (_, name: string) =>
    name === 'NODE_ENV' ? 'development' : (env[name] ?? ''),
  );
}
