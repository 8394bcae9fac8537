import { isAbsolute, relative } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { VENDOR_GLOBAL } from '#shared/frame/page.ts';

export interface VendorOptions {
  root: string;
  define: Record<string, string>;
  conditions: string[];
  /** The project's aliases that concern packages. */
  aliases: { find: string | RegExp; replacement: string }[];
}

export interface VendorBundle {
  code: string;
  /** URLs of what packages import and esbuild cannot make a script of: Vite transforms it. */
  outer: string[];
}

/** Left to Vite, which knows the project's way with them. */
const OUTER =
  /\.(?:css|scss|sass|less|styl|stylus|pcss|postcss|svelte|vue|astro|svg|png|jpe?g|gif|webp|avif|ico|woff2?|ttf|otf|eot|mp[34]|webm|ogg|wasm|txt|md)(?:\?.*)?$/;

/** Bundles every package module the app imports into one script that evaluates them one by one, when asked. */
export async function bundleVendor(
  entries: [key: string, file: string][],
  options: VendorOptions,
): Promise<VendorBundle> {
  const outer = new Set<string>();
  const lines = entries.map(
    ([key, file]) => `  ${JSON.stringify(key)}: () => require(${JSON.stringify(file)}),`,
  );
  const result = await build({
    stdin: {
      contents: `globalThis.${VENDOR_GLOBAL} = {\n${lines.join('\n')}\n};`,
      resolveDir: options.root,
      sourcefile: 'vitrine-vendor.js',
    },
    absWorkingDir: options.root,
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: 'esnext',
    charset: 'utf8',
    mainFields: ['browser', 'module', 'jsnext:main', 'jsnext', 'main'],
    conditions: options.conditions,
    define: options.define,
    logLevel: 'silent',
    legalComments: 'none',
    plugins: [aliasPlugin(options), outerPlugin(options.root, outer)],
  });
  return { code: result.outputFiles[0]?.text ?? '', outer: [...outer].sort() };
}

function aliasPlugin({ aliases, root }: VendorOptions): Plugin {
  return {
    name: 'vitrine:alias',
    setup(build) {
      if (aliases.length === 0) return;
      build.onResolve({ filter: /^[\w@]/ }, async ({ path, kind, resolveDir, pluginData }) => {
        if (pluginData === aliases) return null;
        for (const { find, replacement } of aliases) {
          if (!matches(find, path)) continue;
          const target = path.replace(find, replacement);
          return build.resolve(target, { kind, resolveDir: resolveDir || root, pluginData: aliases });
        }
        return null;
      });
    },
  };
}

function matches(find: string | RegExp, path: string): boolean {
  return typeof find === 'string' ? path === find || path.startsWith(`${find}/`) : find.test(path);
}

function outerPlugin(root: string, outer: Set<string>): Plugin {
  return {
    name: 'vitrine:outer',
    setup(build) {
      build.onResolve({ filter: OUTER }, async ({ path, kind, resolveDir, pluginData }) => {
        if (pluginData === outer || kind === 'entry-point') return null;
        const [file = path, query] = path.split('?');
        const resolved = await build.resolve(file, { kind, resolveDir, pluginData: outer });
        if (resolved.errors.length > 0) return { errors: resolved.errors };
        const url = `${urlOf(root, resolved.path)}${query === undefined ? '' : `?${query}`}`;
        outer.add(url);
        return { path: url, namespace: 'vitrine-outer' };
      });
      build.onLoad({ filter: /.*/, namespace: 'vitrine-outer' }, ({ path }) => ({
        contents: `module.exports = __vitrine__.outer(${JSON.stringify(path)});`,
        loader: 'js',
      }));
    },
  };
}

function urlOf(root: string, file: string): string {
  const way = relative(root, file).replaceAll('\\', '/');
  return way.startsWith('..') || isAbsolute(way) ? `/@fs/${file.replace(/^\//, '')}` : `/${way}`;
}
