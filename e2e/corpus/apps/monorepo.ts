import { type CorpusApp, textIs } from '../app.ts';

/** npm workspaces: an app that uses a package of the repository in its sources. */
export const monorepo: CorpusApp = {
  name: 'monorepo',
  root: 'apps/web',
  command: [
    'node',
    '../../node_modules/vite/bin/vite.js',
    '--port',
    'PORT',
    '--strictPort',
    '--host',
    '127.0.0.1',
  ],
  files: {
    'package.json': JSON.stringify({ name: 'monorepo', private: true, workspaces: ['apps/*', 'packages/*'] }),
    'apps/web/package.json': JSON.stringify({
      name: 'web',
      private: true,
      type: 'module',
      scripts: { dev: 'vite' },
      dependencies: { react: '^18.3.0', 'react-dom': '^18.3.0', '@mono/ui': '*' },
      devDependencies: { vite: '^7.1.0', '@vitejs/plugin-react': '^5.0.0' },
    }),
    'apps/web/vite.config.js':
      "import react from '@vitejs/plugin-react';\nexport default { plugins: [react()] };\n",
    'apps/web/index.html':
      '<!doctype html><html><head><title>Mono</title></head><body><div id="root"></div><script type="module" src="/src/main.jsx"></script></body></html>\n',
    'apps/web/src/main.jsx': `import { createRoot } from 'react-dom/client';
import { Counter } from '@mono/ui';
import { title } from '@mono/ui/title';
createRoot(document.getElementById('root')).render(<><h1>{title}</h1><Counter /></>);
`,
    'packages/ui/package.json': JSON.stringify({
      name: '@mono/ui',
      version: '1.0.0',
      type: 'module',
      exports: { '.': './src/index.tsx', './title': './src/title.ts' },
      peerDependencies: { react: '*' },
    }),
    'packages/ui/src/index.tsx': `import { useState } from 'react';
import './ui.css';
export function Counter() {
  const [count, setCount] = useState(0);
  return <button className="counter" onClick={() => setCount(count + 1)}>Count is {count}</button>;
}
`,
    'packages/ui/src/ui.css': '.counter { font: 20px monospace; }\n',
    'packages/ui/src/title.ts': "export const title = 'Workspaces';\n",
  },
  ready: '.counter',
  click: '.counter',
  state: '.counter',
  edits: [
    {
      what: 'template',
      file: 'packages/ui/src/index.tsx',
      from: 'Count is',
      to: 'Clicked',
      shows: textIs('.counter', 'Clicked'),
    },
    {
      what: 'style',
      file: 'packages/ui/src/ui.css',
      from: '20px',
      to: '30px',
      shows: "getComputedStyle(document.querySelector('.counter')).fontSize === '30px'",
    },
    {
      what: 'script',
      file: 'packages/ui/src/title.ts',
      from: 'Workspaces',
      to: 'Reloaded',
      shows: textIs('h1', 'Reloaded'),
    },
  ],
};
