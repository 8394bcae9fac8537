import { type CorpusApp, styleIs, textIs } from '../app.ts';

/** Tailwind 4 finds its classes in the sources: an edit of a component makes new CSS. */
export const tailwind: CorpusApp = {
  name: 'tailwind-4',
  template: 'react-ts',
  packages: { tailwindcss: '^4.1.0', '@tailwindcss/vite': '^4.1.0' },
  files: {
    'vite.config.ts': `import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
export default defineConfig({ plugins: [react(), tailwindcss()] });
`,
    'src/index.css': `@import "tailwindcss";
@theme { --color-brand: oklch(0.6 0.2 30); }
.plain { text-transform: uppercase; }
`,
    'src/App.tsx': `import { useState } from 'react';
export default function App() {
  const [count, setCount] = useState(0);
  return (
    <main className="mx-auto max-w-xl p-8 grid gap-4">
      <h1 className="text-3xl font-bold text-brand">Tailwind</h1>
      <button className="counter rounded bg-sky-700 px-4 py-2 text-white" onClick={() => setCount(count + 1)}>Count is {count}</button>
      <p className="plain dark:text-gray-300">Plain</p>
    </main>
  );
}
`,
  },
  ready: '.counter',
  click: '.counter',
  state: '.counter',
  edits: [
    {
      what: 'template',
      file: 'src/App.tsx',
      from: 'text-3xl font-bold',
      to: 'text-5xl italic font-bold',
      shows: styleIs('h1', 'font-style', 'italic'),
    },
    {
      what: 'script',
      file: 'src/App.tsx',
      from: 'Count is',
      to: 'Clicked',
      shows: textIs('.counter', 'Clicked'),
    },
    {
      what: 'style',
      file: 'src/index.css',
      from: 'uppercase',
      to: 'capitalize',
      shows: styleIs('.plain', 'text-transform', 'capitalize'),
    },
  ],
};

/** Tailwind 3 is a PostCSS plugin with a configuration file and a content list. */
export const tailwind3: CorpusApp = {
  ...tailwind,
  name: 'tailwind-3',
  packages: { tailwindcss: '^3.4.0', postcss: '^8.5.0', autoprefixer: '^10.4.0' },
  files: {
    'src/App.tsx': (tailwind.files?.['src/App.tsx'] ?? '').replace('text-brand', 'text-red-700'),
    'src/index.css':
      '@tailwind base;\n@tailwind components;\n@tailwind utilities;\n.plain { text-transform: uppercase; }\n',
    'postcss.config.js': 'export default { plugins: { tailwindcss: {}, autoprefixer: {} } };\n',
    'tailwind.config.js':
      "export default { content: ['./index.html', './src/**/*.{ts,tsx}'], theme: { extend: {} }, plugins: [] };\n",
  },
};
