import { join } from 'node:path';
import { build } from 'esbuild';

const EMPTY =
  '.css .scss .sass .less .styl .svg .png .jpg .jpeg .gif .webp .avif .ico .woff .woff2 .ttf .eot .otf .mp3 .mp4 .webm .md .txt .html .vue .svelte .graphql .wasm .pdf'.split(
    ' ',
  );

/** Import specifiers of packages that the sources name → file each resolves to. What does not resolve is left out. */
export async function scanPackages(root: string, sources: Iterable<string>): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const scripts = [...sources].filter((path) => /\.[cm]?[jt]sx?$/.test(path) && !path.startsWith('public/'));
  await build({
    entryPoints: scripts.map((path) => join(root, path)),
    absWorkingDir: root,
    outdir: join(root, 'unused'),
    bundle: true,
    write: false,
    logLevel: 'silent',
    platform: 'browser',
    jsx: 'automatic',
    jsxDev: true,
    loader: { '.js': 'jsx', ...Object.fromEntries(EMPTY.map((extension) => [extension, 'empty' as const])) },
    plugins: [
      {
        name: 'vitrine:scan',
        setup(scan) {
          scan.onResolve({ filter: /^[\w@]/ }, async ({ path, kind, resolveDir, pluginData }) => {
            if (kind === 'entry-point' || pluginData === found) return null;
            const resolved = await scan.resolve(path, { kind, resolveDir, pluginData: found });
            if (resolved.errors.length > 0 || !resolved.path.includes('/node_modules/')) return null;
            if (/\.[cm]?js$/.test(resolved.path)) found.set(path, resolved.path);
            return { path, external: true };
          });
        },
      },
    ],
    // A file that does not parse is the bundler's to complain about.
  }).catch(() => undefined);
  return found;
}
