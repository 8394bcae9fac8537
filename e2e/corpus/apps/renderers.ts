import { type CorpusApp, styleIs, textIs } from '../app.ts';

/** Frameworks on Vite, or beside it, that render on a server: each as its own starter has it, and a counter. */

const STYLE = 'h1 { color: rgb(1, 2, 3); }\n';
const styleEdit = (file: string) => ({
  what: 'style' as const,
  file,
  from: 'rgb(1, 2, 3)',
  to: 'rgb(200, 2, 3)',
  shows: styleIs('h1', 'color', 'rgb(200, 2, 3)'),
});
const headingEdit = (file: string) => ({
  what: 'template' as const,
  file,
  from: 'Rendered by',
  to: 'Edited in',
  shows: textIs('h1', 'Edited in'),
});
const labelEdit = (file: string) => ({
  what: 'script' as const,
  file,
  from: 'Count is',
  to: 'Clicked',
  shows: textIs('#count', 'Clicked'),
});
const COUNTER = { ready: '#count', click: '#count', state: '#count' };
/** Before it is hydrated a click is lost. */
const REACT_RUNS = `Object.keys(document.querySelector('#count') ?? {}).some((key) => key.startsWith('__reactProps'))`;
const at = (bin: string, ...args: string[]) => [
  'node',
  `node_modules/${bin}`,
  ...args,
  '--port',
  'PORT',
  '--host',
  '127.0.0.1',
];
const VITE_DEV = at('vite/bin/vite.js', 'dev');

const nuxt: CorpusApp = {
  ...COUNTER,
  name: 'nuxt',
  command: at('nuxt/bin/nuxt.mjs', 'dev'),
  files: {
    'package.json': JSON.stringify({
      name: 'nuxt-app',
      private: true,
      type: 'module',
      scripts: { dev: 'nuxt dev', build: 'nuxt build', postinstall: 'nuxt prepare' },
      dependencies: { nuxt: '^4.0.0', vue: '^3.5.0', 'vue-router': '^5.0.0' },
    }),
    '.gitignore': 'node_modules\n.nuxt\n.output\n',
    'nuxt.config.ts':
      "export default defineNuxtConfig({ compatibilityDate: '2025-07-15', devtools: { enabled: false }, css: ['~/assets/main.css'] });\n",
    'app/app.vue': '<template><NuxtPage /></template>\n',
    'app/pages/index.vue': `<script setup lang="ts">
const count = ref(0);
const { data } = await useFetch('/api/hello');
</script>
<template><main><h1>Rendered by Nuxt</h1><button id="count" @click="count++">Count is {{ count }}</button><p>{{ data?.text }}</p></main></template>
`,
    'app/assets/main.css': STYLE,
    'server/api/hello.ts': "export default defineEventHandler(() => ({ text: 'from its API' }));\n",
  },
  settled: `'__vueParentComponent' in (document.querySelector('#count') ?? {})`,
  edits: [
    headingEdit('app/pages/index.vue'),
    labelEdit('app/pages/index.vue'),
    styleEdit('app/assets/main.css'),
  ],
};

const svelteKit: CorpusApp = {
  ...COUNTER,
  name: 'sveltekit',
  command: VITE_DEV,
  files: {
    'package.json': JSON.stringify({
      name: 'kit-app',
      private: true,
      type: 'module',
      scripts: { dev: 'vite dev', build: 'vite build' },
      devDependencies: {
        '@sveltejs/kit': '^2.60.0',
        '@sveltejs/vite-plugin-svelte': '^7.0.0',
        svelte: '^5.50.0',
        vite: '^8.0.0',
      },
    }),
    '.gitignore': 'node_modules\n.svelte-kit\n',
    'vite.config.js':
      "import { sveltekit } from '@sveltejs/kit/vite';\nexport default { plugins: [sveltekit()] };\n",
    'src/app.html':
      '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">%sveltekit.head%</head><body><div style="display: contents">%sveltekit.body%</div></body></html>\n',
    'src/routes/+page.server.js': "export const load = () => ({ text: 'from its load function' });\n",
    'src/routes/+page.svelte': `<script>
  import { onMount } from 'svelte';
  import '../style.css';
  const { data } = $props();
  let count = $state(0);
  onMount(() => { document.body.dataset.runs = 'yes'; });
</script>
<h1>Rendered by SvelteKit</h1>
<button id="count" onclick={() => { count += 1; }}>Count is {count}</button>
<p>{data.text}</p>
`,
    'src/style.css': STYLE,
  },
  settled: `document.body.dataset.runs === 'yes'`,
  edits: [
    headingEdit('src/routes/+page.svelte'),
    labelEdit('src/routes/+page.svelte'),
    styleEdit('src/style.css'),
  ],
};

const reactRouter: CorpusApp = {
  ...COUNTER,
  name: 'react-router',
  command: at('@react-router/dev/bin.cjs', 'dev'),
  files: {
    'package.json': JSON.stringify({
      name: 'router-app',
      private: true,
      type: 'module',
      scripts: { dev: 'react-router dev', build: 'react-router build' },
      dependencies: {
        '@react-router/node': '^8.0.0',
        '@react-router/serve': '^8.0.0',
        isbot: '^5.0.0',
        react: '^19.0.0',
        'react-dom': '^19.0.0',
        'react-router': '^8.0.0',
      },
      devDependencies: { '@react-router/dev': '^8.0.0', vite: '^8.0.0' },
    }),
    '.gitignore': 'node_modules\n.react-router\nbuild\n',
    'vite.config.js':
      "import { reactRouter } from '@react-router/dev/vite';\nexport default { plugins: [reactRouter()] };\n",
    'app/root.jsx': `import { Links, Meta, Outlet, Scripts, ScrollRestoration } from 'react-router';
import './app.css';
export function Layout({ children }) {
  return <html lang="en"><head><meta charSet="utf-8" /><Meta /><Links /></head><body>{children}<ScrollRestoration /><Scripts /></body></html>;
}
export default function App() { return <Outlet />; }
`,
    'app/app.css': STYLE,
    'app/routes.js':
      "import { index } from '@react-router/dev/routes';\nexport default [index('home.jsx')];\n",
    'app/home.jsx': `import { useState } from 'react';
export const loader = () => ({ text: 'from its loader' });
export default function Home({ loaderData }) {
  const [count, setCount] = useState(0);
  return <main><h1>Rendered by React Router</h1><button id="count" onClick={() => setCount(count + 1)}>Count is {count}</button><p>{loaderData.text}</p></main>;
}
`,
  },
  settled: REACT_RUNS,
  edits: [headingEdit('app/home.jsx'), labelEdit('app/home.jsx'), styleEdit('app/app.css')],
};

const tanStackStart: CorpusApp = {
  ...COUNTER,
  name: 'tanstack-start',
  command: VITE_DEV,
  files: {
    'package.json': JSON.stringify({
      name: 'start-app',
      private: true,
      type: 'module',
      scripts: { dev: 'vite dev', build: 'vite build' },
      dependencies: {
        '@tanstack/react-router': '^1.0.0',
        '@tanstack/react-start': '^1.0.0',
        react: '^19.0.0',
        'react-dom': '^19.0.0',
      },
      devDependencies: { vite: '^8.0.0', '@vitejs/plugin-react': '^6.0.0' },
    }),
    '.gitignore': 'node_modules\n.output\n.tanstack\n',
    'vite.config.js': `import { tanstackStart } from '@tanstack/react-start/plugin/vite';
import react from '@vitejs/plugin-react';
export default { plugins: [tanstackStart(), react()] };
`,
    'src/router.jsx': `import { createRouter } from '@tanstack/react-router';
import { routeTree } from './routeTree.gen';
export const getRouter = () => createRouter({ routeTree });
`,
    'src/app.css': STYLE,
    'src/routes/__root.jsx': `import { createRootRoute, HeadContent, Outlet, Scripts } from '@tanstack/react-router';
import css from '../app.css?url';
export const Route = createRootRoute({ head: () => ({ meta: [{ charSet: 'utf-8' }], links: [{ rel: 'stylesheet', href: css }] }), component: Root });
function Root() { return <html lang="en"><head><HeadContent /></head><body><Outlet /><Scripts /></body></html>; }
`,
    'src/routes/index.jsx': `import { createFileRoute } from '@tanstack/react-router';
import { createServerFn } from '@tanstack/react-start';
import { Home } from '../home';
const greet = createServerFn().handler(async () => 'from its server function');
export const Route = createFileRoute('/')({ loader: () => greet(), component: () => <Home text={Route.useLoaderData()} /> });
`,
    // Its generator fills in a route's file that it finds empty, as one is while it is written.
    'src/home.jsx': `import { useState } from 'react';
export function Home({ text }) {
  const [count, setCount] = useState(0);
  return <main><h1>Rendered by TanStack Start</h1><button id="count" onClick={() => setCount(count + 1)}>Count is {count}</button><p>{text}</p></main>;
}
`,
  },
  settled: REACT_RUNS,
  edits: [headingEdit('src/home.jsx'), labelEdit('src/home.jsx'), styleEdit('src/app.css')],
};

const solidStart: CorpusApp = {
  ...COUNTER,
  name: 'solid-start',
  command: VITE_DEV,
  files: {
    'package.json': JSON.stringify({
      name: 'solid-app',
      private: true,
      type: 'module',
      scripts: { dev: 'vite dev', build: 'vite build' },
      dependencies: {
        '@solidjs/router': '^0.16.0',
        '@solidjs/start': '^2.0.0',
        'solid-js': '^1.9.0',
        vite: '^8.0.0',
      },
    }),
    '.gitignore': 'node_modules\n.output\n',
    'vite.config.js':
      "import { solidStart } from '@solidjs/start/config';\nexport default { plugins: [solidStart({ devOverlay: false })] };\n",
    'src/app.jsx': `import { Router } from '@solidjs/router';
import { FileRoutes } from '@solidjs/start/router';
import { Suspense } from 'solid-js';
import './app.css';
export default function App() { return <Router root={(props) => <Suspense>{props.children}</Suspense>}><FileRoutes /></Router>; }
`,
    'src/app.css': STYLE,
    'src/routes/index.jsx': `import { createSignal, onMount } from 'solid-js';
export default function Home() {
  const [count, setCount] = createSignal(0);
  onMount(() => { document.body.dataset.runs = 'yes'; });
  return <main><h1>Rendered by SolidStart</h1><button id="count" onClick={() => setCount(count() + 1)}>Count is {count()}</button></main>;
}
`,
    'src/entry-client.jsx': `// @refresh reload
import { mount, StartClient } from '@solidjs/start/client';
mount(() => <StartClient />, document.getElementById('app'));
`,
    'src/entry-server.jsx': `// @refresh reload
import { createHandler, StartServer } from '@solidjs/start/server';
export default createHandler(() => <StartServer document={({ assets, children, scripts }) => <html lang="en"><head><meta charset="utf-8" />{assets}</head><body><div id="app">{children}</div>{scripts}</body></html>} />);
`,
  },
  settled: `document.body.dataset.runs === 'yes'`,
  edits: [headingEdit('src/routes/index.jsx'), labelEdit('src/routes/index.jsx'), styleEdit('src/app.css')],
};

export const renderers = [nuxt, svelteKit, reactRouter, tanStackStart, solidStart];
