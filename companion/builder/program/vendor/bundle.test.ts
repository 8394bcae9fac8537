import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VENDOR_GLOBAL } from '#shared/frame/page.ts';
import { bundleVendor } from './bundle.ts';

let root: string;
const OPTIONS = {
  define: { 'process.env.NODE_ENV': '"development"' },
  conditions: ['module', 'browser'],
  aliases: [],
};

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'vitrine-vendor-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function write(path: string, text: string): Promise<string> {
  const file = join(root, 'node_modules', path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  return file;
}

type Vendor = Record<string, () => Record<string, unknown>>;
function evaluate(code: string, globals: Record<string, unknown> = {}): Vendor {
  const context: Record<string, unknown> = { ...globals };
  runInNewContext(code, context);
  return context[VENDOR_GLOBAL] as Vendor; // set by the bundle
}

describe('bundleVendor', () => {
  it('evaluates nothing until asked, and every shared module once', async () => {
    await write('shared/index.js', 'globalThis.count = (globalThis.count ?? 0) + 1; module.exports = {};');
    const a = await write('a/index.js', "module.exports = { name: 'a', shared: require('shared') };");
    const b = await write(
      'b/index.mjs',
      "import shared from 'shared'; export const name = 'b'; export { shared };",
    );
    const { code } = await bundleVendor(
      [
        ['a', a],
        ['b', b],
      ],
      { root, ...OPTIONS },
    );
    const globals: { count?: number } = {};
    const context: Record<string, unknown> = { ...globals };
    runInNewContext(code, context);
    expect(context.count).toBeUndefined();
    const vendor = context[VENDOR_GLOBAL] as Vendor; // set by the bundle
    expect(vendor.a?.().name).toBe('a');
    expect(vendor.b?.()).toMatchObject({ name: 'b', __esModule: true });
    expect(context.count).toBe(1);
  });

  it('leaves style sheets of packages to Vite, and says which', async () => {
    await write('a/style.css', '.a{}');
    const a = await write('a/index.js', "import './style.css'; export const a = 1;");
    const { code, outer } = await bundleVendor([['a', a]], { root, ...OPTIONS });
    expect(outer).toEqual(['/node_modules/a/style.css']);
    const asked: string[] = [];
    evaluate(code, { __vitrine__: { outer: (url: string) => asked.push(url) } }).a?.();
    expect(asked).toEqual(outer);
  });

  it('follows the project’s aliases inside packages', async () => {
    await write('preact/index.js', "export const name = 'preact';");
    const a = await write('a/index.js', "export { name } from 'react';");
    const { code } = await bundleVendor([['a', a]], {
      root,
      ...OPTIONS,
      aliases: [{ find: 'react', replacement: 'preact' }],
    });
    expect(evaluate(code).a?.().name).toBe('preact');
  });
});
