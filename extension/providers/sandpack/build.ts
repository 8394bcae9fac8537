import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Plugin } from 'esbuild';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Schemas of `shared/` get the subset in place of zod. */
const zodSubset: Plugin = {
  name: 'zod-subset',
  setup(pluginBuild) {
    const subset = here('zod-subset.ts');
    pluginBuild.onResolve({ filter: /^zod$/ }, ({ importer }) =>
      importer === subset ? null : { path: subset },
    );
  },
};

const common: BuildOptions = {
  outdir: here('../../../.output/frame'),
  bundle: true,
  platform: 'browser',
  target: 'es2022',
  minify: true,
  sourcemap: 'linked',
  legalComments: 'none',
  logLevel: 'warning',
  plugins: [zodSubset],
};

// The shim runs before anything else of the page, the driver after the bundler; where there is none, the link to the
// companion stands alone.
await build({
  ...common,
  entryPoints: { shim: here('shim/main.ts'), worker: here('worker/main.ts') },
  format: 'iife',
});
await build({
  ...common,
  entryPoints: { driver: here('driver/main.ts'), companion: here('driver/companion.ts') },
  format: 'esm',
});

// The builder program as one script: it starts in a third of the time that its sources take. Beside the sources: pods
// see no other place.
const { metafile } = await build({
  ...common,
  entryPoints: { main: here('../../../companion/builder/program/main.ts') },
  outdir: here('../../../companion/builder/.output'),
  outExtension: { '.js': '.mjs' },
  platform: 'node',
  target: 'node20',
  format: 'esm',
  packages: 'external',
  splitting: true,
  minify: false,
  metafile: true,
});
const [heavy] = Object.values(metafile.outputs).flatMap(({ imports }) =>
  imports.filter(({ path }) => path === 'zod'),
);
if (heavy)
  throw new Error('The builder program imports zod, which takes 100 ms of every first page: leave it out.');
