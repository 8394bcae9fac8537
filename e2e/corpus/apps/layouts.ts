import type { CorpusApp } from '../app.ts';
import { COUNTER, edits, pageOf, REACT, reactCounter, reactEntry, STYLE, styleEdit } from './counter.ts';

/** Layouts of repositories, and what manages their packages. */

const viteAt = (place: string) => [
  'node',
  `${place}node_modules/vite/bin/vite.js`,
  '--port',
  'PORT',
  '--strictPort',
  '--host',
  '127.0.0.1',
];
const VITE = { vite: '^8.0.0', '@vitejs/plugin-react': '^6.0.0' };
const CONFIG = "import react from '@vitejs/plugin-react';\nexport default { plugins: [react()] };\n";

/** Turborepo with pnpm: apps/web uses a package of the repository in its sources, apps/api is a backend. */
const turborepo: CorpusApp = {
  ...COUNTER,
  name: 'turborepo-pnpm',
  root: 'apps/web',
  command: viteAt(''),
  install: ['npx', '--yes', 'pnpm@10.20.0', 'install', '--prefer-offline'],
  files: {
    'package.json': JSON.stringify({
      name: 'turborepo',
      private: true,
      packageManager: 'pnpm@10.20.0',
      scripts: { dev: 'turbo run dev', build: 'turbo run build' },
    }),
    'pnpm-workspace.yaml': 'packages:\n  - apps/*\n  - packages/*\n',
    'turbo.json': JSON.stringify({ tasks: { dev: { cache: false, persistent: true } } }),
    'apps/web/package.json': JSON.stringify({
      name: 'web',
      private: true,
      type: 'module',
      scripts: { dev: 'vite', build: 'vite build' },
      dependencies: { ...REACT, '@repo/ui': 'workspace:*' },
      devDependencies: VITE,
    }),
    'apps/web/vite.config.js': CONFIG,
    'apps/web/index.html': pageOf('Turborepo', '/src/main.jsx'),
    'apps/web/src/main.jsx': `import { createRoot } from 'react-dom/client';
import App from '@repo/ui';
import './style.css';
createRoot(document.getElementById('root')).render(<App />);
`,
    'apps/web/src/style.css': STYLE,
    'apps/api/package.json': JSON.stringify({
      name: 'api',
      private: true,
      type: 'module',
      scripts: { dev: 'node --watch server.js' },
      dependencies: { express: '^5.1.0' },
    }),
    'apps/api/server.js': `import express from 'express';
express().get('/api/hello', (_, response) => response.json({ hello: 'api' })).listen(process.env.PORT ?? 3001);
`,
    'packages/ui/package.json': JSON.stringify({
      name: '@repo/ui',
      version: '0.0.0',
      private: true,
      type: 'module',
      exports: { '.': './src/index.jsx' },
      peerDependencies: { react: '*' },
      devDependencies: { react: '^19.0.0' },
    }),
    'packages/ui/src/index.jsx': reactCounter('Of a package'),
  },
  edits: [
    ...edits('packages/ui/src/index.jsx', 'Of a package', 'packages/ui/src/index.jsx'),
    styleEdit('apps/web/src/style.css'),
  ],
};

/** Nx: one package.json for all, projects that name their tools themselves. */
const nx: CorpusApp = {
  ...COUNTER,
  name: 'nx',
  root: 'apps/shop',
  command: viteAt('../../'),
  files: {
    'package.json': JSON.stringify({
      name: 'nx-app',
      private: true,
      scripts: {},
      dependencies: REACT,
      devDependencies: VITE,
    }),
    'nx.json': '{}\n',
    'apps/shop/project.json': JSON.stringify({
      name: 'shop',
      projectType: 'application',
      targets: { serve: { executor: '@nx/vite:dev-server', options: { buildTarget: 'shop:build' } } },
    }),
    'apps/shop/vite.config.mjs': `import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
export default {
  root: import.meta.dirname,
  cacheDir: '../../node_modules/.vite/apps/shop',
  plugins: [react()],
  resolve: { alias: { '@shop/ui': resolve(import.meta.dirname, '../../libs/ui/src/index.jsx') } },
};
`,
    'apps/shop/index.html': pageOf('Nx', '/src/main.jsx'),
    'apps/shop/src/main.jsx': `import { createRoot } from 'react-dom/client';
import App from '@shop/ui';
import './style.css';
createRoot(document.getElementById('root')).render(<App />);
`,
    'apps/shop/src/style.css': STYLE,
    'libs/ui/src/index.jsx': reactCounter('Of a library'),
  },
  edits: [
    ...edits('libs/ui/src/index.jsx', 'Of a library', 'libs/ui/src/index.jsx'),
    styleEdit('apps/shop/src/style.css'),
  ],
};

/** Yarn 4 that makes node_modules. */
const yarnBerry: CorpusApp = {
  ...COUNTER,
  name: 'yarn-berry',
  install: ['npx', '--yes', '@yarnpkg/cli-dist@4.10.3', 'install'],
  files: {
    'package.json': JSON.stringify({
      name: 'berry-app',
      private: true,
      type: 'module',
      packageManager: 'yarn@4.10.3',
      scripts: { dev: 'vite' },
      dependencies: REACT,
      devDependencies: VITE,
    }),
    '.yarnrc.yml': 'nodeLinker: node-modules\nenableTelemetry: false\nenableGlobalCache: true\n',
    'yarn.lock': '',
    '.gitignore': 'node_modules\n.yarn\n',
    'vite.config.js': CONFIG,
    'index.html': pageOf('Yarn', '/src/main.jsx'),
    'src/main.jsx': reactEntry("import './style.css';\n"),
    'src/App.jsx': reactCounter('Packages by Yarn'),
    'src/style.css': STYLE,
  },
  edits: [...edits('src/App.jsx', 'Packages by Yarn', 'src/App.jsx'), styleEdit('src/style.css')],
};

/** Plain files by a plain file server. */
const plainServer: CorpusApp = {
  ...COUNTER,
  name: 'http-server',
  command: [
    'node',
    'node_modules/http-server/bin/http-server',
    'public',
    '-c-1',
    '-p',
    'PORT',
    '-a',
    '127.0.0.1',
  ],
  files: {
    'package.json': JSON.stringify({
      name: 'plain-app',
      private: true,
      scripts: { start: 'http-server public -c-1 -o' },
      devDependencies: { 'http-server': '^14.1.0' },
    }),
    'public/index.html':
      '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Plain</title><link rel="stylesheet" href="style.css"></head><body><h1>Plain files</h1><button id="count">Count is 0</button><script type="module" src="app.js"></script></body></html>\n',
    'public/app.js': `import { label } from './label.js';
let count = 0;
const button = document.querySelector('#count');
button.onclick = () => { count += 1; button.textContent = label(count); };
`,
    'public/label.js': "export const label = (count) => 'Count is ' + count;\n",
    'public/style.css': STYLE,
  },
  edits: [],
};

export const layouts = [turborepo, nx, yarnBerry, plainServer];
