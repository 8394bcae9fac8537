import { fileURLToPath } from 'node:url';
import { type BuildOptions, build } from 'esbuild';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const common: BuildOptions = {
  outdir: here('../../../.output/frame'),
  bundle: true,
  platform: 'browser',
  target: 'es2022',
  minify: true,
  sourcemap: 'linked',
  logLevel: 'warning',
};

// The shim runs before anything else of the page, the driver after the bundler.
await build({ ...common, entryPoints: { shim: here('shim/main.ts') }, format: 'iife' });
await build({ ...common, entryPoints: { driver: here('driver/main.ts') }, format: 'esm' });
