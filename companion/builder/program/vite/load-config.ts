import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Plugin } from 'esbuild';
import type { UserConfig } from 'vite';

const EXTENSIONS = ['js', 'mjs', 'ts', 'cjs', 'mts', 'cts'];
/** Files of its own, whose changes would go unnoticed, and names that only CommonJS has. */
const NEEDS_BUNDLER = /(?:\bfrom|\bimport)\s*\(?\s*['"`]\.{1,2}\/|\brequire\s*\(|__dirname|__filename/;
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
export async function loadConfig(root: string, cacheDirectory: string): Promise<LoadedConfig> {
  const file = EXTENSIONS.map((extension) => join(root, `vite.config.${extension}`)).find(existsSync);
  if (file === undefined) return { config: {}, files: [] };
  const exported = await importAsItIs(file);
  if (exported !== null) return { config: await configOf(exported), files: [file] };
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
  return { config: await evaluate(text, cacheDirectory), files };
}

async function evaluate(text: string, cacheDirectory: string): Promise<UserConfig> {
  await mkdir(cacheDirectory, { recursive: true });
  // A name per content: a module once imported stays what it was.
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 12);
  const file = join(cacheDirectory, `vite.config.${hash}.mjs`);
  await writeFile(file, text);
  return configOf(((await import(pathToFileURL(file).href)) as { default?: unknown }).default);
}

async function configOf(exported: unknown): Promise<UserConfig> {
  const config = await (typeof exported === 'function'
    ? exported({ command: 'serve', mode: 'development', isSsrBuild: false, isPreview: false })
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
  try {
    const module = (await import(`${pathToFileURL(file).href}?${hash}`)) as { default?: unknown };
    return module.default ?? null;
  } catch {
    return null;
  }
}

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
        return { contents: `${here}${text}`, loader: path.endsWith('ts') ? 'ts' : 'js' };
      });
    },
  };
}
