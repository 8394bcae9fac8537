import type { FixtureFiles } from './fixture-app.ts';

const manifest = (
  dependencies: Record<string, string>,
  devDependencies: Record<string, string> = {},
): string =>
  JSON.stringify({ name: 'fixture', private: true, type: 'module', dependencies, devDependencies }, null, 2);

const REACT = { react: '^19.2.0', 'react-dom': '^19.2.0' };

const reactApp = (vite: string, plugin: string): FixtureFiles => ({
  'package.json': manifest(REACT, { vite, '@vitejs/plugin-react': plugin }),
  'vite.config.ts': `import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
export default defineConfig({ plugins: [react()] });
`,
  'index.html': `<!doctype html>
<html lang="de">
  <head><meta charset="utf-8"><title>Fixture</title><script>window.inlineRan = true;</script></head>
  <body class="from-page"><div id="root"></div><script type="module" src="/src/main.tsx"></script></body>
</html>
`,
  'src/main.tsx': `import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import './app.css';
const root = document.getElementById('root');
if (root) createRoot(root).render(<App />);
`,
  'src/app.tsx': `import { useState } from 'react';
import { greeting } from './greeting.ts';
import mark from './mark.svg';
export function App() {
  const [count, setCount] = useState(0);
  return (
    <main>
      <h1>{greeting}</h1>
      <button type="button" onClick={() => setCount(count + 1)}>count {count}</button>
      <img src={mark} alt="" />
      <output>{location.pathname} {import.meta.env.VITE_API_URL} {import.meta.env.VITE_OWN}</output>
    </main>
  );
}
`,
  'src/greeting.ts': `export const greeting = 'Hello';\n`,
  'src/app.css': 'button { color: rgb(1, 2, 3); }\n',
  'src/mark.svg':
    '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8"/></svg>\n',
  'public/hello.txt': 'from public\n',
  '.env': 'VITE_OWN=own\nSECRET=secret\n',
});

/** A plugin whose module says how often `/again` was asked for, without any file that changes. */
export const withCounter: FixtureFiles = {
  'package.json': manifest({}, { vite: '^8.3.0' }),
  'vite.config.js': `let count = 0;
const id = '\\0virtual:count';
export default {
  plugins: [{
    name: 'count',
    resolveId: (source) => (source === 'virtual:count' ? id : null),
    load: (asked) => (asked === id ? 'export default ' + count : null),
    configureServer({ environments, middlewares }) {
      middlewares.use('/again', (_request, response) => {
        const { moduleGraph } = environments.client;
        count += 1;
        moduleGraph.invalidateModule(moduleGraph.getModuleById(id));
        response.end(String(count));
      });
    },
  }],
};
`,
  'index.html': `<!doctype html><html><body><h1></h1><button>go</button>
<script type="module" src="/src/main.js"></script></body></html>
`,
  'src/main.js': `import count from 'virtual:count';
document.querySelector('h1').textContent = 'count ' + count;
`,
};

export const reactWithVite8 = reactApp('^8.3.0', '^6.1.0');
export const reactWithVite5 = reactApp('^5.4.0', '^4.7.0');

export const vueWithVite8: FixtureFiles = {
  'package.json': manifest({ vue: '^3.5.0' }, { vite: '^8.3.0', '@vitejs/plugin-vue': '^6.0.0' }),
  'vite.config.js': `import vue from '@vitejs/plugin-vue';
export default { plugins: [vue()] };
`,
  'index.html': `<!doctype html><html><head><title>Vue</title></head><body><div id="app"></div>
<script type="module" src="/src/main.js"></script></body></html>
`,
  'src/main.js': `import { createApp } from 'vue';
import App from './app.vue';
createApp(App).mount('#app');
`,
  'src/app.vue': `<script setup>
import { ref } from 'vue';
const count = ref(0);
</script>
<template>
  <h1>Hello</h1>
  <button @click="count++">count {{ count }}</button>
</template>
<style scoped>
h1 { color: rgb(1, 2, 3); }
</style>
`,
};

/** Every kind of import in one page; no framework, so nothing accepts hot updates but style sheets. */
export const manyImports: FixtureFiles = {
  'package.json': manifest({ ms: '^2.1.0', 'modern-normalize': '^3.0.0' }, { vite: '^8.3.0' }),
  'vite.config.mjs': `import { fileURLToPath } from 'node:url';
export default {
  base: '/app/',
  define: { __BUILT_BY__: JSON.stringify('config') },
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
};
`,
  'index.html': `<!doctype html><html><head><link rel="icon" href="/icon.svg"></head><body><button>ready</button><pre></pre>
<script type="module">import { note } from '/src/note.ts'; note('inline', true);</script>
<script type="module" src="/src/main.ts"></script></body></html>
`,
  'public/icon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>\n',
  'src/note.ts': `const noted: Record<string, unknown> = {};
export function note(name: string, value: unknown) {
  noted[name] = value;
  const output = document.querySelector('pre');
  if (output) output.textContent = JSON.stringify(noted);
}
`,
  'src/main.ts': `import 'modern-normalize/modern-normalize.css';
import ms from 'ms';
import { note } from '@/note';
import styles from './box.module.css';
import data from './data.json';
import { first } from './cycle';
import mark from './mark.png';
import raw from './words.txt?raw';
const parts = import.meta.glob('./parts/*.ts', { eager: true, import: 'default' });
const { late } = await import('./late.ts');
note('package', ms('2 days'));
note('module', typeof styles.box);
note('json', data.answer);
note('cycle', first());
note('asset', mark);
note('raw', raw);
note('glob', Object.values(parts));
note('late', late);
note('define', __BUILT_BY__);
note('base', import.meta.env.BASE_URL);
note('url', new URL(import.meta.url).pathname);
note('process', typeof process);
note('normalized', getComputedStyle(document.body).margin);
note('done', true);
`,
  'src/box.module.css': '.box { color: red; }\n',
  'src/data.json': '{"answer":42}\n',
  'src/words.txt': 'raw words',
  'src/mark.png': 'not really',
  'src/late.ts': "export const late = await Promise.resolve('awaited');\n",
  'src/parts/one.ts': 'export default 1;\n',
  'src/parts/two.ts': 'export default 2;\n',
  'src/cycle/index.ts': "export * from './first';\nexport * from './second';\n",
  'src/cycle/first.ts': "import { second } from './index';\nexport const first = () => second();\n",
  'src/cycle/second.ts': "import { first } from './index';\nexport const second = () => typeof first;\n",
};

/** As Create React App lays it out, without its own tools. */
export const reactWithoutVite: FixtureFiles = {
  'package.json': JSON.stringify({
    name: 'raw',
    private: true,
    dependencies: { react: '^18.3.0', 'react-dom': '^18.3.0' },
  }),
  'public/index.html': `<!DOCTYPE html>
<html lang="en"><head><title>Raw</title><link rel="icon" href="%PUBLIC_URL%/icon.svg"></head>
<body><div id="root"></div></body></html>
`,
  'src/index.js': `import React from 'react';
import ReactDOM from 'react-dom/client';
import App from './App';
ReactDOM.createRoot(document.getElementById('root')).render(<App />);
`,
  'src/App.js': `import { useState } from 'react';
import './App.css';
export default function App() {
  const [count, setCount] = useState(0);
  return (
    <main>
      <h1>Hello</h1>
      <button onClick={() => setCount(count + 1)}>count {count}</button>
      <output>{process.env.REACT_APP_NAME}</output>
    </main>
  );
}
`,
  'src/App.css': 'button { color: rgb(1, 2, 3); }\n',
  '.env': 'REACT_APP_NAME=named\nSECRET=secret\n',
};
