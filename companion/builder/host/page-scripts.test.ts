import { expect, it } from 'vitest';
import { scriptsOf } from './page-scripts.ts';

it('finds the modules that a page names, and those that its scripts import', () => {
  const html = `<!doctype html><head>
<script type="module">import { injectIntoGlobalHook } from "/@react-refresh";
injectIntoGlobalHook(window);</script>
<script type="module" src="/@vite/client"></script>
<script>import('/classic.js')</script>
</head><body><div id="root"></div>
<SCRIPT async type=module src='/src/main.tsx?a=1&amp;b=2'></SCRIPT></body>`;
  expect(scriptsOf(html)).toEqual(['/@react-refresh', '/@vite/client', '/src/main.tsx?a=1&b=2']);
});

it('leaves out what is not of this origin, or not plain to see', () => {
  const html = `<script type="module" src="https://elsewhere.example/a.js"></script>
<script type="module" src="//elsewhere.example/b.js"></script><script type="module" src="./c.js"></script>
<script type="module" src>`;
  expect(scriptsOf(html)).toEqual([]);
});
