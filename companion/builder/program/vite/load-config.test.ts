import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toBuildError } from '../errors/build-error.ts';
import { loadConfig } from './load-config.ts';

let directory: string;
let root: string;
let cache: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'vitrine-config-'));
  root = join(directory, 'app');
  cache = join(directory, 'cache');
  await mkdir(root);
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}

describe('loadConfig', () => {
  it('loads TypeScript with its packages and neighbours from where they are, and writes nothing beside it', async () => {
    await write(
      'node_modules/plugin/package.json',
      '{"name":"plugin","type":"module","exports":{"import":"./esm.js","require":"./cjs.cjs"}}',
    );
    await write('node_modules/plugin/esm.js', 'export default () => ({ name: "esm" });');
    await write('settings/title.ts', 'export const title: string = __dirname;');
    await write(
      'vite.config.ts',
      `import plugin from 'plugin';
import { readFileSync } from 'node:fs';
import { title } from './settings/title';
const here: string = new URL('.', import.meta.url).pathname;
export default ({ command, mode }: { command: string; mode: string }) =>
  ({ plugins: [plugin()], define: { title, here, command, mode, reads: typeof readFileSync } });`,
    );
    const before = await readdir(root, { recursive: true });
    const { config, files } = await loadConfig(root, cache);
    expect(config.plugins).toEqual([{ name: 'esm' }]);
    expect(config.define).toEqual({
      title: join(root, 'settings'),
      here: `${root}/`,
      command: 'serve',
      mode: 'development',
      reads: 'function',
    });
    expect(files.sort()).toEqual([join(root, 'settings/title.ts'), join(root, 'vite.config.ts')]);
    expect(await readdir(root, { recursive: true })).toEqual(before);
  });

  it('leaves the packages of a plain configuration what Node gives them', async () => {
    await write('node_modules/plugin/package.json', '{"name":"plugin","main":"index.cjs"}');
    await write('node_modules/plugin/index.cjs', 'exports.cache = typeof require.cache;');
    await write('vite.config.ts', "import { cache } from 'plugin';\nexport default { define: { cache } };\n");
    expect((await loadConfig(root, cache)).config.define).toEqual({ cache: 'object' });
  });

  it('takes what reads differently as JavaScript for the TypeScript that it is', async () => {
    await write(
      'vite.config.ts',
      'class Settings {}\nconst same = <T,>(value: T) => value;\nexport default same<Settings>({ base: "/sub/" });',
    );
    expect((await loadConfig(root, cache)).config.base).toBe('/sub/');
    await write(
      'vite.config.ts',
      'class Same {}\nconst all = Object;\nexport default all<Same>({ base: "/2/" });',
    );
    expect((await loadConfig(root, cache)).config.base).toBe('/2/');
  });

  it('takes parts of a JSON file by name, with an attribute and without', async () => {
    await write('package.json', '{"name":"app","version":"1.2.3"}');
    await write(
      'vite.config.ts',
      `import { version } from './package.json' with { type: 'json' };
import pkg from "./package.json" with { "type": "json" };
import { name } from './package.json';
export default { define: { version, whole: pkg.version, name } };\n`,
    );
    const { config } = await loadConfig(root, cache);
    expect(config.define).toEqual({ version: '1.2.3', whole: '1.2.3', name: 'app' });
  });

  it('loads CommonJS', async () => {
    await write(
      'vite.config.cjs',
      "const path = require('node:path'); module.exports = { root: path.basename(__filename) };",
    );
    expect((await loadConfig(root, cache)).config).toMatchObject({ root: 'vite.config.cjs' });
  });

  it('takes a changed configuration anew', async () => {
    await write('vite.config.js', 'export default { base: "/a/" };');
    expect((await loadConfig(root, cache)).config.base).toBe('/a/');
    await write('vite.config.js', 'export default { base: "/b/" };');
    expect((await loadConfig(root, cache)).config.base).toBe('/b/');
  });

  it('names the line of a mistake and of an import that is not there', async () => {
    await write('vite.config.ts', 'export default {\n  plugins: [,\n');
    const mistake = await loadConfig(root, cache).catch((error: unknown) => toBuildError(error, root));
    expect(mistake).toMatchObject({ file: 'vite.config.ts', line: 3 });
    await write(
      'vite.config.ts',
      "\nimport gone from 'not-installed';\nexport default { plugins: [gone()] };\n",
    );
    const missing = await loadConfig(root, cache).catch((error: unknown) => toBuildError(error, root));
    expect(missing).toMatchObject({
      file: 'vite.config.ts',
      line: 2,
      message: expect.stringContaining('not-installed'),
    });
  });

  it('is empty without a configuration', async () => {
    expect(await loadConfig(root, cache)).toEqual({ config: {}, files: [] });
  });
});
