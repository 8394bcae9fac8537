import { type CorpusApp, styleIs } from '../app.ts';
import { COUNTER, edits, REACT, reactCounter, reactEntry, STYLE, styleEdit } from './counter.ts';

/** Further tools with a dev server of their own. */

const at = (bin: string, ...args: string[]) => ['node', `node_modules/${bin}`, ...args];
const PLACE = ['--port', 'PORT', '--host', '127.0.0.1'];
const REACT_RUNS = `Object.keys(document.querySelector('#count') ?? {}).some((key) => key.startsWith('__reactProps'))`;

const rspack: CorpusApp = {
  ...COUNTER,
  name: 'rspack',
  command: at('@rspack/cli/bin/rspack.js', 'dev', ...PLACE),
  files: {
    'package.json': JSON.stringify({
      name: 'rspack-app',
      private: true,
      type: 'module',
      scripts: { dev: 'rspack dev', build: 'rspack build' },
      dependencies: REACT,
      devDependencies: {
        '@rspack/cli': '^2.0.0',
        '@rspack/core': '^2.0.0',
        '@rspack/dev-server': '^2.0.0',
        '@rspack/plugin-react-refresh': '^2.0.0',
        'react-refresh': '^0.18.0',
      },
    }),
    '.gitignore': 'node_modules\ndist\n',
    'rspack.config.mjs': `import { rspack } from '@rspack/core';
import { ReactRefreshRspackPlugin } from '@rspack/plugin-react-refresh';
export default {
  mode: 'development',
  entry: './src/main.jsx',
  resolve: { extensions: ['.js', '.jsx'] },
  module: { rules: [
    { test: /\\.css$/, type: 'css/auto' },
    { test: /\\.jsx$/, use: { loader: 'builtin:swc-loader', options: { jsc: { parser: { syntax: 'ecmascript', jsx: true }, transform: { react: { runtime: 'automatic', development: true, refresh: true } } } } } },
  ] },
  plugins: [new rspack.HtmlRspackPlugin({ template: './index.html' }), new ReactRefreshRspackPlugin()],
};
`,
    'index.html':
      '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Rspack</title></head><body><div id="root"></div></body></html>\n',
    'src/main.jsx': reactEntry("import './style.css';\n"),
    'src/App.jsx': reactCounter('Built by Rspack'),
    'src/style.css': STYLE,
  },
  edits: [...edits('src/App.jsx', 'Built by Rspack', 'src/App.jsx'), styleEdit('src/style.css')],
};

/** What the bundler has no transpiler for: Tailwind through PostCSS, and a proxy of its own. */
const reactScripts: CorpusApp = {
  ...COUNTER,
  name: 'react-scripts',
  command: at('react-scripts/bin/react-scripts.js', 'start'),
  files: {
    'package.json': JSON.stringify({
      name: 'scripts-app',
      version: '0.1.0',
      private: true,
      scripts: { start: 'react-scripts start' },
      dependencies: { react: '^18.3.0', 'react-dom': '^18.3.0', 'react-scripts': '5.0.1', ajv: '^8.17.0' },
      devDependencies: { tailwindcss: '^3.4.0' },
      browserslist: ['last 1 chrome version'],
    }),
    '.gitignore': 'node_modules\nbuild\n',
    'tailwind.config.js': "module.exports = { content: ['./src/**/*.js'] };\n",
    'public/index.html':
      '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>CRA</title></head><body><div id="root"></div></body></html>\n',
    'src/setupProxy.js':
      "module.exports = (app) => { app.get('/own', (_, response) => response.json({ own: true })); };\n",
    'src/index.js': reactEntry("import './index.css';\n"),
    'src/index.css': `@tailwind base;\n@tailwind components;\n@tailwind utilities;\n${STYLE}`,
    'src/App.js': reactCounter('Built by its scripts').replace('<main>', '<main className="p-4">'),
  },
  settled: styleIs('main', 'padding-top', '16px'),
  edits: [...edits('src/App.js', 'Built by its scripts', 'src/App.js'), styleEdit('src/index.css')],
};

const vike: CorpusApp = {
  ...COUNTER,
  name: 'vike',
  command: at('vike/bin.js', 'dev', ...PLACE),
  files: {
    'package.json': JSON.stringify({
      name: 'vike-app',
      private: true,
      type: 'module',
      scripts: { dev: 'vike dev', build: 'vike build' },
      dependencies: { ...REACT, vike: '^0.4.250', 'vike-react': '^0.6.0' },
      devDependencies: { vite: '^7.0.0', '@vitejs/plugin-react': '^5.0.0' },
    }),
    '.gitignore': 'node_modules\ndist\n',
    'vite.config.js':
      "import react from '@vitejs/plugin-react';\nimport vike from 'vike/plugin';\nexport default { plugins: [vike(), react()] };\n",
    'pages/+config.js':
      "import vikeReact from 'vike-react/config';\nexport default { extends: [vikeReact], title: 'Vike' };\n",
    'pages/index/+data.js': "export const data = async () => ({ text: 'from its data hook' });\n",
    'pages/index/Counter.jsx': `import { useState } from 'react';
export function Counter() {
  const [count, setCount] = useState(0);
  return <button id="count" onClick={() => setCount(count + 1)}>Count is {count}</button>;
}
`,
    'pages/index/style.css': STYLE,
    'pages/index/+Page.jsx': `import { useData } from 'vike-react/useData';
import { Counter } from './Counter.jsx';
import './style.css';
export default function Page() {
  const { text } = useData();
  return <main><h1>Rendered by Vike</h1><Counter /><p>{text}</p></main>;
}
`,
  },
  settled: REACT_RUNS,
  edits: [
    ...edits('pages/index/+Page.jsx', 'Rendered by Vike', 'pages/index/Counter.jsx'),
    styleEdit('pages/index/style.css'),
  ],
};

const qwik: CorpusApp = {
  ...COUNTER,
  name: 'qwik',
  command: at('vite/bin/vite.js', '--mode', 'ssr', ...PLACE),
  files: {
    'package.json': JSON.stringify({
      name: 'qwik-app',
      // Its tools need one that this machine’s may not be.
      engines: { node: '>=22' },
      private: true,
      type: 'module',
      scripts: { dev: 'vite --mode ssr', start: 'vite --open --mode ssr' },
      devDependencies: {
        '@builder.io/qwik': '^1.20.0',
        '@builder.io/qwik-city': '^1.20.0',
        vite: '^7.0.0',
        typescript: '~5.9.0',
      },
    }),
    '.gitignore': 'node_modules\ndist\n',
    'tsconfig.json': JSON.stringify({
      compilerOptions: {
        jsx: 'react-jsx',
        jsxImportSource: '@builder.io/qwik',
        module: 'ES2022',
        target: 'ES2022',
        moduleResolution: 'bundler',
        skipLibCheck: true,
      },
    }),
    'vite.config.js': `import { qwikCity } from '@builder.io/qwik-city/vite';
import { qwikVite } from '@builder.io/qwik/optimizer';
export default { plugins: [qwikCity(), qwikVite({ devTools: { clickToSource: false } })] };
`,
    'src/global.css': STYLE,
    'src/entry.ssr.tsx': `import { renderToStream } from '@builder.io/qwik/server';
import Root from './root';
export default (options) => renderToStream(<Root />, options);
`,
    'src/entry.dev.tsx': `import { render } from '@builder.io/qwik';
import Root from './root';
export default (options) => render(document, <Root />, options);
`,
    'src/root.tsx': `import { component$ } from '@builder.io/qwik';
import { QwikCityProvider, RouterOutlet } from '@builder.io/qwik-city';
import './global.css';
export default component$(() => <QwikCityProvider><head><meta charset="utf-8" /><title>Qwik</title></head><body><RouterOutlet /></body></QwikCityProvider>);
`,
    'src/routes/index.tsx': `import { component$, useSignal } from '@builder.io/qwik';
export default component$(() => {
  const count = useSignal(0);
  return <main><h1>Rendered by Qwik</h1><button id="count" onClick$={() => { count.value += 1; }}>Count is {count.value}</button></main>;
});
`,
  },
  settled: `document.querySelector('#count')?.getAttribute('q:id') !== null`,
  edits: [
    ...edits('src/routes/index.tsx', 'Rendered by Qwik', 'src/routes/index.tsx'),
    styleEdit('src/global.css'),
  ],
};

/** No dev server at all: a server that renders templates, and makes no news of what changes. */
const express: CorpusApp = {
  name: 'express-ejs',
  command: ['node', 'server.js'],
  files: {
    'package.json': JSON.stringify({
      name: 'express-app',
      private: true,
      scripts: { start: 'node server.js' },
      dependencies: { ejs: '^3.1.0', express: '^5.1.0' },
    }),
    'server.js': `const express = require('express');
const app = express();
app.set('view engine', 'ejs');
app.use(express.static('public'));
app.get('/', (request, response) => response.render('index', { title: 'Rendered by Express' }));
app.listen(process.env.PORT || 3000);
`,
    'views/index.ejs':
      '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title><%= title %></title><link rel="stylesheet" href="/style.css"></head><body><h1><%= title %></h1><script src="/app.js"></script></body></html>\n',
    'public/style.css': STYLE,
    'public/app.js': "document.body.dataset.runs = 'yes';\n",
  },
  ready: '[data-runs]',
  edits: [],
};

export const moreServers = [rspack, reactScripts, vike, qwik, express];
