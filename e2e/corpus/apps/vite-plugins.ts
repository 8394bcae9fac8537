import { type CorpusApp, styleIs } from '../app.ts';
import { COUNTER, edits, pageOf, REACT, reactCounter, reactEntry, STYLE, styleEdit } from './counter.ts';

/** Plugins of Vite that make modules, styles or service workers of their own. */

const manifest = (name: string, devDependencies: Record<string, string>) =>
  JSON.stringify({
    name,
    private: true,
    type: 'module',
    scripts: { dev: 'vite', build: 'vite build' },
    dependencies: REACT,
    devDependencies: { vite: '^8.0.0', '@vitejs/plugin-react': '^6.0.0', ...devDependencies },
  });

const mdx: CorpusApp = {
  ...COUNTER,
  name: 'mdx',
  files: {
    'package.json': manifest('mdx-app', { '@mdx-js/rollup': '^3.1.0' }),
    'vite.config.js': `import mdx from '@mdx-js/rollup';
import react from '@vitejs/plugin-react';
export default { plugins: [{ enforce: 'pre', ...mdx() }, react({ include: /\\.(?:jsx|mdx)$/ })] };
`,
    'index.html': pageOf('MDX', '/src/main.jsx'),
    'src/main.jsx': `import { createRoot } from 'react-dom/client';
import Text from './text.mdx';
import './style.css';
createRoot(document.getElementById('root')).render(<Text />);
`,
    'src/Counter.jsx': `import { useState } from 'react';
export function Counter() {
  const [count, setCount] = useState(0);
  return <button id="count" onClick={() => setCount(count + 1)}>Count is {count}</button>;
}
`,
    'src/text.mdx': `import { Counter } from './Counter.jsx';

# Written in MDX

Some *text*, and <Counter />.
`,
    'src/style.css': STYLE,
  },
  edits: [...edits('src/text.mdx', 'Written in MDX', 'src/Counter.jsx'), styleEdit('src/style.css')],
};

const vanillaExtract: CorpusApp = {
  ...COUNTER,
  name: 'vanilla-extract',
  files: {
    'package.json': manifest('extract-app', {
      '@vanilla-extract/css': '^1.17.0',
      '@vanilla-extract/vite-plugin': '^5.1.0',
    }),
    'vite.config.js': `import react from '@vitejs/plugin-react';
import { vanillaExtractPlugin } from '@vanilla-extract/vite-plugin';
export default { plugins: [react(), vanillaExtractPlugin()] };
`,
    'index.html': pageOf('vanilla-extract', '/src/main.jsx'),
    'src/main.jsx': reactEntry(),
    'src/App.jsx': reactCounter('Styled in TypeScript', "import './app.css.ts';\n"),
    'src/app.css.ts': `import { globalStyle } from '@vanilla-extract/css';
globalStyle('h1', { color: 'rgb(1, 2, 3)' });
`,
  },
  edits: [...edits('src/App.jsx', 'Styled in TypeScript', 'src/App.jsx'), styleEdit('src/app.css.ts')],
};

/** With its service worker on while developing. */
const pwa: CorpusApp = {
  ...COUNTER,
  name: 'pwa',
  files: {
    'package.json': manifest('pwa-app', {
      'vite-plugin-pwa': '^1.0.0',
      vite: '^7.0.0',
      '@vitejs/plugin-react': '^5.0.0',
    }),
    '.gitignore': 'node_modules\ndist\ndev-dist\n',
    'vite.config.js': `import react from '@vitejs/plugin-react';
import { VitePWA } from 'vite-plugin-pwa';
export default {
  plugins: [react(), VitePWA({ registerType: 'autoUpdate', devOptions: { enabled: true, type: 'module' }, manifest: { name: 'App', icons: [] } })],
};
`,
    'index.html': pageOf('PWA', '/src/main.jsx'),
    'src/main.jsx': reactEntry(`import { registerSW } from 'virtual:pwa-register';
import './style.css';
registerSW({ immediate: true, onRegisteredSW: () => { document.body.dataset.registered = 'yes'; } });
`),
    'src/App.jsx': reactCounter('With a service worker'),
    'src/style.css': STYLE,
  },
  settled: `document.body.dataset.registered === 'yes'`,
  edits: [...edits('src/App.jsx', 'With a service worker', 'src/App.jsx'), styleEdit('src/style.css')],
};

/** Its style sheet is made of the classes that the sources name. */
const unocss: CorpusApp = {
  ...COUNTER,
  name: 'unocss',
  files: {
    'package.json': manifest('uno-app', { unocss: '^66.5.0' }),
    'vite.config.js': `import react from '@vitejs/plugin-react';
import UnoCSS from 'unocss/vite';
export default { plugins: [UnoCSS(), react()] };
`,
    'uno.config.js':
      "import { defineConfig, presetWind3 } from 'unocss';\nexport default defineConfig({ presets: [presetWind3()] });\n",
    'index.html': pageOf('UnoCSS', '/src/main.jsx'),
    'src/main.jsx': reactEntry("import 'virtual:uno.css';\n"),
    'src/App.jsx': `import { useState } from 'react';
export default function App() {
  const [count, setCount] = useState(0);
  return <main className="p-4"><h1 className="pt-4px">Made of classes</h1><button id="count" onClick={() => setCount(count + 1)}>Count is {count}</button></main>;
}
`,
  },
  settled: styleIs('h1', 'padding-top', '4px'),
  edits: [
    ...edits('src/App.jsx', 'Made of classes', 'src/App.jsx'),
    {
      what: 'style',
      file: 'src/App.jsx',
      from: 'pt-4px',
      to: 'pt-4px pl-44px',
      shows: styleIs('h1', 'padding-left', '44px'),
    },
  ],
};

export const vitePlugins = [mdx, vanillaExtract, pwa, unocss];
