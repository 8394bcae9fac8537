import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { hasItsScripts, isPlainSite } from './plain-site.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'vitrine-site-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function site(html: string, files: Record<string, string> = {}): Promise<boolean> {
  for (const [path, text] of Object.entries({ 'index.html': html, ...files })) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return isPlainSite(root);
}

it('is one whose modules import each other, addresses and what an import map names', async () => {
  const map = '<script type="importmap">{"imports":{"lib":"./l.js","x/":"/x/"}}</script>';
  const main = "import './a.js'; import l from 'lib'; import('x/y.js'); import 'https://cdn.example/z.js';";
  expect(
    await site(`${map}<script type="module" src="/js/main.js?v=1"></script><script src=old.js></script>`, {
      'js/main.js': main,
      'js/a.js': "// import 'nothing'\nexport const a = 1;",
    }),
  ).toBe(true);
});

it('is none where a module wants a package or a compiler', async () => {
  expect(await site('<script type="module">import ms from "ms";</script>')).toBe(false);
  expect(await site('<script type="module" src="src/main.tsx"></script>')).toBe(false);
  const files = { 'a.js': "export * from './b.js'", 'b.js': "import React from 'react';" };
  expect(await site('<script type="module" src="./a.js"></script>', files)).toBe(false);
});

it('looks at imports that stand beside comments, and at none inside of them', async () => {
  const inside = "/* import 'a' */ // import 'b'\n  // import 'c' /* \nimport './d.js'; /*/ import 'e' */";
  expect(await site(`<script type="module">${inside.replace("// import 'b'", '')}</script>`)).toBe(true);
  expect(await site('<script type="module">/* a */ import "f"; /* b */</script>')).toBe(false);
  expect(await site('<script type="module">const glob = "/*"; import "f";</script>')).toBe(false);
});

it('has its scripts where all that its page names are there, or elsewhere', async () => {
  const html = '<script src="https://cdn.example/a.js"></script><script src="bundle.js?v=1"></script>';
  await site(html);
  expect(hasItsScripts(root)).toBe(false);
  await site(html, { 'bundle.js': '' });
  expect(hasItsScripts(root)).toBe(true);
});
