import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'vite';
import { expect, it, onTestFinished } from 'vitest';
import { importsOfPackages } from './imports-of-packages.ts';

it('finds what a bundled package imports among the project’s packages, though it lies elsewhere', async () => {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'vitrine-packages-')));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const [root, cacheDir] = [join(directory, 'project'), join(directory, 'cache/node_modules/.vite')];
  const bundled = join(cacheDir, 'deps/bundled.js');
  const files = {
    [join(root, 'node_modules/left-out/package.json')]: '{"name":"left-out","main":"main.js"}',
    [join(root, 'node_modules/left-out/main.js')]: 'export default 1;',
    [join(root, 'node_modules/left-out/part.js')]: 'export default 2;',
    [bundled]: "import 'left-out';",
  };
  for (const [file, text] of Object.entries(files)) {
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(file, text);
  }
  const server = await createServer({
    root,
    cacheDir,
    configFile: false,
    logLevel: 'silent',
    optimizeDeps: { noDiscovery: true },
    server: { middlewareMode: true, watch: null, ws: false },
    plugins: [importsOfPackages()],
  });
  onTestFinished(() => server.close());
  const found = (source: string) => server.pluginContainer.resolveId(source, bundled);
  expect((await found('left-out'))?.id).toBe(join(root, 'node_modules/left-out/main.js'));
  expect((await found('left-out/part.js'))?.id).toBe(join(root, 'node_modules/left-out/part.js'));
  expect(await found('not-there')).toBeNull();
});
