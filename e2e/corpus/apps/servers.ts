import { type CorpusApp, styleIs, textIs } from '../app.ts';

const COUNTER = `'use client';
import { useState } from 'react';
export default function Counter() {
  const [count, setCount] = useState(0);
  return <button id="count" onClick={() => { console.log('clicked', count + 1); setCount(count + 1); }}>Count is {count}</button>;
}
`;

/** Rendered on the server, with a client component, a server action and a route of its own. */
export const next: CorpusApp = {
  name: 'next',
  command: ['node', 'node_modules/next/dist/bin/next', 'dev', '--port', 'PORT', '--hostname', '127.0.0.1'],
  packages: { next: '^16.0.0', react: '^19.0.0', 'react-dom': '^19.0.0' },
  files: {
    'package.json': JSON.stringify({ name: 'next-app', private: true, scripts: { dev: 'next dev' } }),
    '.gitignore': 'node_modules\n.next\n',
    // Its badge comes and goes with what is compiled just now: two pictures of one server differ by it.
    'next.config.mjs': 'export default { devIndicators: false };\n',
    'app/layout.jsx': `import './global.css';
export default function Layout({ children }) { return <html lang="en"><body>{children}</body></html>; }
`,
    'app/global.css': 'h1 { color: rgb(1, 2, 3); }\n',
    'app/counter.jsx': COUNTER,
    'app/page.jsx': `import Link from 'next/link';
import Counter from './counter.jsx';
import { save } from './save.js';
export default function Page() {
  return <main><h1>Rendered on the server</h1><Counter /><Link id="about" href="/about">About</Link>
    <form action={save}><input name="name" defaultValue="Ann" /><button id="send">Send</button></form></main>;
}
`,
    'app/save.js': `'use server';
import { redirect } from 'next/navigation';
export async function save(data) { redirect('/about?name=' + data.get('name')); }
`,
    'app/about/page.jsx': 'export default function About() { return <h1>About this</h1>; }\n',
    'app/api/time/route.js': 'export const GET = () => Response.json({ ok: true });\n',
  },
  ready: '#count',
  click: '#count',
  state: '#count',
  // Hydrated: before, a click is lost.
  settled: `Object.keys(document.querySelector('#count') ?? {}).some((key) => key.startsWith('__reactProps'))`,
  edits: [
    {
      what: 'template',
      file: 'app/page.jsx',
      from: 'Rendered on',
      to: 'Edited on',
      shows: textIs('h1', 'Edited on'),
    },
    {
      what: 'script',
      file: 'app/counter.jsx',
      from: 'Count is',
      to: 'Clicked',
      shows: textIs('#count', 'Clicked'),
    },
    {
      what: 'style',
      file: 'app/global.css',
      from: 'rgb(1, 2, 3)',
      to: 'rgb(200, 2, 3)',
      shows: styleIs('h1', 'color', 'rgb(200, 2, 3)'),
    },
  ],
};

export const astro: CorpusApp = {
  name: 'astro',
  command: ['node', 'node_modules/astro/astro.js', 'dev', '--port', 'PORT', '--host', '127.0.0.1'],
  packages: { astro: '^5.0.0' },
  files: {
    'package.json': JSON.stringify({
      name: 'astro-app',
      private: true,
      type: 'module',
      scripts: { dev: 'astro dev' },
    }),
    '.gitignore': 'node_modules\n.astro\n',
    'src/pages/index.astro': `---
const title = 'Made by Astro';
---
<html lang="en"><head><title>{title}</title></head>
<body><h1>{title}</h1><p id="js"></p>
<style>h1 { color: rgb(1, 2, 3); }</style>
<script>document.querySelector('#js').textContent = 'script ran';</script></body></html>
`,
  },
  ready: '#js',
  settled: textIs('#js', 'script ran'),
  edits: [
    {
      what: 'template',
      file: 'src/pages/index.astro',
      from: 'Made by Astro',
      to: 'Edited by hand',
      shows: textIs('h1', 'Edited by hand'),
    },
    {
      what: 'style',
      file: 'src/pages/index.astro',
      from: 'rgb(1, 2, 3)',
      to: 'rgb(200, 2, 3)',
      shows: styleIs('h1', 'color', 'rgb(200, 2, 3)'),
    },
  ],
};
