import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { isBuiltin, registerHooks } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Plugin } from 'esbuild';
import type { UserConfig } from 'vite';
import type { ViteCall } from '../../vite-call.ts';

const EXTENSIONS = ['js', 'mjs', 'ts', 'cjs', 'mts', 'cts'];
/** Files of its own, whose changes would go unnoticed, and names that only CommonJS has. */
const NEEDS_BUNDLER =
  /(?:\bfrom|\bimport)\s*\(?\s*['"`]\.{1,2}\/|\brequire\s*\(|\b(?:module\.)?exports\b|__dirname|__filename/;
/** Says what esbuild sees by itself, and forbids it to give parts of the file by name, which Vite's own bundlers do. */
const JSON_ATTRIBUTE = /\b(?:with|assert)\s*\{\s*(['"]?)type\1\s*:\s*(['"])json\2\s*,?\s*\}/g;
const LOCAL_NAMES = { __dirname: '__vitrine_dirname__', __filename: '__vitrine_filename__' };

export interface LoadedConfig {
  config: UserConfig;
  /** Absolute paths of the files it was made from. */
  files: string[];
}

/**
 * Loads the project's vite.config. Vite would bundle it into the worktree; this bundles it into the cache, with
 * packages resolved from where the configuration stands.
 */
export async function loadConfig(
  root: string,
  cacheDirectory: string,
  { configFile, mode = 'development', root: ownRoot = '.' }: Partial<ViteCall> = {},
): Promise<LoadedConfig> {
  const file =
    configFile === undefined
      ? EXTENSIONS.map((extension) => join(root, ownRoot, `vite.config.${extension}`)).find(existsSync)
      : resolve(root, configFile);
  if (file === undefined) return { config: {}, files: [] };
  const exported = await importAsItIs(file);
  if (exported !== null) return { config: await configOf(exported, mode), files: [file] };
  const { build } = await import('esbuild');
  const bundled = await build({
    entryPoints: [file],
    absWorkingDir: root,
    outfile: join(cacheDirectory, 'vite.config.mjs'),
    write: false,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: `node${process.versions.node}`,
    mainFields: ['module', 'main'],
    conditions: ['node'],
    sourcemap: 'inline',
    metafile: true,
    logLevel: 'silent',
    define: {
      ...LOCAL_NAMES,
      'import.meta.url': '__vitrine_url__',
      'import.meta.dirname': LOCAL_NAMES.__dirname,
      'import.meta.filename': LOCAL_NAMES.__filename,
    },
    banner: {
      js: `import{createRequire as __vitrine_create}from'node:module';const require=__vitrine_create(${JSON.stringify(pathToFileURL(file).href)});`,
    },
    plugins: [keepPackagesOutside(), tellWhereEachFileIs()],
  });
  const files = Object.keys(bundled.metafile.inputs).map((input) =>
    resolve(root, input.replace(/^[\w-]+:/, '')),
  );
  const text = bundled.outputFiles.find(({ path }) => path.endsWith('.mjs'))?.text ?? '';
  return { config: await evaluate(text, cacheDirectory, mode), files };
}

async function evaluate(text: string, cacheDirectory: string, mode: string): Promise<UserConfig> {
  await mkdir(cacheDirectory, { recursive: true });
  // A name per content: a module once imported stays what it was.
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 12);
  const file = join(cacheDirectory, `vite.config.${hash}.mjs`);
  await writeFile(file, text);
  return configOf(((await import(pathToFileURL(file).href)) as { default?: unknown }).default, mode);
}

async function configOf(exported: unknown, mode: string): Promise<UserConfig> {
  const config = await (typeof exported === 'function'
    ? exported({ command: 'serve', mode, isSsrBuild: false, isPreview: false })
    : exported);
  if (typeof config !== 'object' || config === null) {
    throw new Error('The Vite configuration does not export an object.');
  }
  return config as UserConfig;
}

/**
 * What a configuration exports that needs nothing but packages, and nothing that only a bundler gives it: most are
 * like that, and Node takes them as they are. Null when that does not work; bundling then says why.
 */
async function importAsItIs(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8');
  if (NEEDS_BUNDLER.test(text)) return null;
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 12);
  const url = `${pathToFileURL(file).href}?${hash}`;
  return (await importAsJavaScript(url)) ?? (await defaultOf(url).catch(() => null));
}

/**
 * A TypeScript configuration is plain JavaScript more often than not: read as that, Node need not load its compiler,
 * which takes 90 ms. Null for any other, and for what only means something as TypeScript.
 */
async function importAsJavaScript(url: string): Promise<unknown> {
  if (!/\.m?ts\?/.test(url)) return null;
  const plain = `${url}-plain`;
  const hooks = registerHooks({
    // No hook for loading: packages that are loaded beside one have no `require.cache`, which Tailwind clears.
    resolve: (asked, context, next) =>
      asked === plain ? { url: plain, format: 'module', shortCircuit: true } : next(asked, context),
  });
  try {
    const exported = await defaultOf(plain);
    return typeof exported === 'function' || typeof exported === 'object' ? exported : null;
  } catch {
    return null; // said by whoever loads it next
  } finally {
    hooks.deregister();
  }
}

const defaultOf = async (url: string): Promise<unknown> =>
  ((await import(url)) as { default?: unknown }).default ?? null;

/** Packages are imported by the path they have from the file that names them. */
function keepPackagesOutside(): Plugin {
  return {
    name: 'vitrine:packages-outside',
    setup(pluginBuild) {
      pluginBuild.onResolve(
        { filter: /^[^./#]/ },
        async ({ path, kind, resolveDir, importer, pluginData }) => {
          if (kind === 'entry-point' || pluginData === 'resolved' || /^[a-zA-Z]:[\\/]/.test(path))
            return null;
          if (isBuiltin(path) || path.startsWith('file:') || path.startsWith('data:'))
            return { path, external: true };
          const found = await pluginBuild.resolve(path, {
            kind,
            resolveDir,
            importer,
            pluginData: 'resolved',
          });
          if (found.errors.length > 0) return { errors: found.errors };
          if (found.external || found.path === '') return found;
          // A package of the workspace may be written in TypeScript.
          if (!found.path.includes('/node_modules/')) return { path: found.path };
          return {
            path: kind === 'require-call' ? found.path : pathToFileURL(found.path).href,
            external: true,
          };
        },
      );
    },
  };
}

function tellWhereEachFileIs(): Plugin {
  return {
    name: 'vitrine:locations',
    setup(pluginBuild) {
      pluginBuild.onLoad({ filter: /\.[cm]?[jt]s$/ }, async ({ path }) => {
        const here = `const __vitrine_dirname__=${JSON.stringify(dirname(path))},__vitrine_filename__=${JSON.stringify(path)},__vitrine_url__=${JSON.stringify(pathToFileURL(path).href)};`;
        const text = await readFile(path, 'utf8');
        return {
          contents: here + text.replace(JSON_ATTRIBUTE, ''),
          loader: path.endsWith('ts') ? 'ts' : 'js',
        };
      });
    },
  };
}
