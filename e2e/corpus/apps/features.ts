import { type CorpusApp, styleIs, textIs } from '../app.ts';

const PIXEL =
  'data:image/svg+xml,%3Csvg xmlns="http://www.w3.org/2000/svg" width="40" height="40"%3E%3Crect width="40" height="40" fill="teal"/%3E%3C/svg%3E';

/** Every kind of import that Vite documents, each leaving its word in the page. */
function features(name: string, vite: string): CorpusApp {
  return {
    name,
    path: '/sub/deep/link?x=1',
    files: {
      'package.json': JSON.stringify({
        name: 'features',
        private: true,
        type: 'module',
        dependencies: {
          ms: '^2.1.3',
          'lodash-es': '^4.17.21',
          nanoid: '^5.1.0',
          'modern-normalize': '^3.0.1',
        },
        devDependencies: { vite, sass: '^1.90.0', less: '^4.4.0', 'vite-tsconfig-paths': '^5.1.0' },
      }),
      'tsconfig.json':
        '{ "compilerOptions": { "baseUrl": ".", "paths": { "~/*": ["src/*"] }, "target": "es2022", "module": "esnext", "moduleResolution": "bundler" } }\n',
      'vite.config.ts': `import { defineConfig } from 'vite';
import paths from 'vite-tsconfig-paths';
export default defineConfig({
  base: '/sub/',
  define: { __STAMP__: JSON.stringify('stamped') },
  plugins: [
    paths(),
    {
      name: 'virtual',
      resolveId: (id) => (id === 'virtual:greeting' ? '\\0virtual:greeting' : null),
      load: (id) => (id === '\\0virtual:greeting' ? 'export const greeting = "from nowhere";' : null),
      transformIndexHtml: (html) => html.replace('%TITLE%', 'Features'),
      configureServer(server) {
        server.ws.on('corpus:ask', (data, client) => client.send('corpus:answer', { twice: data.value * 2 }));
        server.middlewares.use('/sub/from-plugin', (_request, response) => response.end('a middleware of a plugin'));
      },
    },
  ],
});
`,
      '.env': 'VITE_ONE=one\nSECRET=hidden\n',
      '.env.development': 'VITE_TWO=two\n',
      'index.html': `<!doctype html><html><head><meta charset="utf-8"><title>%TITLE%</title><link rel="icon" href="/icon.svg"><link rel="stylesheet" href="/src/linked.css"></head>
<body><h1>Features</h1><img src="/icon.svg" alt=""><pre></pre><button class="counter">0</button>
<script type="module">import { note } from '/src/note.ts'; note('inline', '%VITE_ONE%'); note('title', document.title);</script>
<script type="module" src="/src/main.ts"></script><script type="module" src="/src/second.ts"></script></body></html>
`,
      'public/icon.svg':
        '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><rect width="40" height="40" fill="teal"/></svg>\n',
      'public/data.json': '{"public":true}\n',
      'src/note.ts': `const noted: Record<string, unknown> = {};
let open = 1;
export function note(name: string, value: unknown) {
  noted[name] = value;
  const sorted = Object.fromEntries(Object.entries(noted).sort(([a], [b]) => (a < b ? -1 : 1)));
  document.querySelector('pre')!.textContent = JSON.stringify(sorted, null, 1);
}
export async function wait(name: string, value: Promise<unknown> | (() => Promise<unknown>)) {
  open += 1;
  try { note(name, await (typeof value === 'function' ? value() : value)); } catch (error) { note(name, 'failed: ' + error); }
  done();
}
export function done() { open -= 1; if (open === 0) document.body.dataset.settled = 'yes'; }
`,
      'src/second.ts': "import { note } from './note.ts';\nnote('second', 'ran');\n",
      'src/main.ts': `import 'modern-normalize/modern-normalize.css';
import './plain.css';
import './nested.scss';
import './mixed.less';
import styles from './box.module.css';
import scssStyles from './box.module.scss';
import inlined from './inlined.css?inline';
import ms from 'ms';
import { chunk } from 'lodash-es';
import { nanoid } from 'nanoid';
import { greeting } from 'virtual:greeting';
import { aliased } from '~/aliased';
import data, { answer } from './data.json';
import raw from './words.txt?raw';
import icon from './mark.svg';
import iconUrl from './mark.svg?url';
import init from './add.wasm?init';
import wasmUrl from './add.wasm?url';
import CountWorker from './count.worker.ts?worker';
import InlineWorker from './count.worker.ts?worker&inline';
import { done, note, wait } from './note.ts';
const path = (url: string) => new URL(url, location.href).pathname.replace(/.*\\/src/, '/src').slice(0, 60);
note('ms', ms('2 days')); note('lodash', chunk([1, 2, 3], 2)); note('nanoid', nanoid().length);
note('virtual', greeting); note('alias', aliased); note('json', [data.answer, answer]); note('raw', raw);
note('asset', [path(icon), path(iconUrl), path(wasmUrl)]);
note('css modules', [typeof styles.box, typeof scssStyles.box]); note('inlined', inlined.includes('inlined'));
note('env', [import.meta.env.VITE_ONE, import.meta.env.VITE_TWO, import.meta.env.SECRET, import.meta.env.MODE, import.meta.env.BASE_URL, import.meta.env.DEV]);
note('define', __STAMP__); note('url', path(import.meta.url)); note('process', typeof process);
note('eager', Object.values(import.meta.glob('./parts/*.ts', { eager: true, import: 'default' })));
note('glob raw', Object.values(import.meta.glob('./parts/*.txt', { eager: true, query: '?raw', import: 'default' })));
wait('lazy', () => Promise.all(Object.values(import.meta.glob('./parts/*.ts')).map(async (load) => ((await load()) as { default: number }).default)));
wait('dynamic', () => import('./late.ts').then(({ late }) => late));
const part = 'one';
wait('dynamic variable', () => import(\`./parts/\${part}.ts\`).then((module) => module.default));
wait('wasm', () => init().then(({ exports }) => (exports.add as (a: number, b: number) => number)(2, 3)));
wait('wasm url', () => WebAssembly.instantiateStreaming(fetch(new URL('./add.wasm', import.meta.url))).then(({ instance }) => (instance.exports.add as (a: number, b: number) => number)(4, 5)));
const ask = (worker: Worker) => new Promise((resolve, reject) => { worker.onmessage = ({ data }) => resolve(data); worker.onerror = (event) => reject(event.message); worker.postMessage(20); });
wait('worker', () => ask(new CountWorker()));
wait('worker inline', () => ask(new InlineWorker()));
wait('worker url', () => ask(new Worker(new URL('./count.worker.ts', import.meta.url), { type: 'module' })));
wait('shared worker', () => new Promise((resolve) => { const worker = new SharedWorker(new URL('./shared.worker.ts', import.meta.url), { type: 'module' }); worker.port.onmessage = ({ data }) => resolve(data); worker.port.postMessage(3); }));
wait('public', () => fetch(import.meta.env.BASE_URL + 'data.json').then((response) => response.json()));
wait('middleware', () => fetch(import.meta.env.BASE_URL + 'from-plugin').then((response) => response.text()));
if (import.meta.hot) {
  const { hot } = import.meta;
  wait('custom event', () => new Promise((resolve) => { hot.on('corpus:answer', ({ twice }) => resolve(twice)); hot.send('corpus:ask', { value: 21 }); }));
  hot.accept('./accepted.ts', (module) => note('accepted', module?.value));
}
import { value } from './accepted.ts';
import './self.ts';
note('accepted', value);
const box = document.createElement('div'); box.className = styles.box + ' ' + scssStyles.box; box.textContent = 'box'; document.body.append(box);
const image = new Image(); image.src = icon; document.body.append(image);
let count = 0; const button = document.querySelector('button')!; button.onclick = () => { count += 1; button.textContent = String(count); };
done();
`,
      'src/accepted.ts': "export const value = 'first';\n",
      'src/self.ts': `import { note } from './note.ts';
export const self = 'self one';
note('self', [self, import.meta.hot?.data.times ?? 0]);
if (import.meta.hot) { import.meta.hot.accept(); import.meta.hot.dispose((data) => { data.times = (import.meta.hot?.data.times ?? 0) + 1; }); }
`,
      'src/aliased.ts': "export const aliased = 'by tsconfig';\n",
      'src/late.ts': "import './late.css';\nexport const late = await Promise.resolve('awaited');\n",
      'src/late.css': 'pre { border-left: 4px solid orange; }\n',
      'src/plain.css': `body { font-family: monospace; background: url("${PIXEL}") no-repeat right top; }\n.counter { color: rgb(1, 2, 3); }\n`,
      'src/linked.css': 'h1 { color: purple; }\n',
      'src/nested.scss': '$size: 30px;\nh1 { font-size: $size; &:hover { color: red; } }\n',
      'src/mixed.less': '@c: #246;\npre { color: @c; }\n',
      'src/inlined.css': '.inlined { color: red; }\n',
      'src/box.module.css': '.box { padding: 10px; background: #def; }\n',
      'src/box.module.scss': '$b: 3px;\n.box { border: $b solid #369; }\n',
      'src/data.json': '{"answer":42}\n',
      'src/words.txt': 'raw words',
      // (module (func (export "add") (param i32 i32) (result i32) local.get 0 local.get 1 i32.add))
      'src/add.wasm': 'base64:AGFzbQEAAAABBwFgAn9/AX8DAgEABwcBA2FkZAAACgkBBwAgACABags=',
      'src/mark.svg':
        '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="60"><circle cx="30" cy="30" r="28" fill="tomato"/></svg>\n',
      'src/parts/one.ts': 'export default 1;\n',
      'src/parts/two.ts': 'export default 2;\n',
      'src/parts/three.txt': 'three',
      'src/triple.ts': 'export const triple = (value: number) => value * 3;\n',
      'src/count.worker.ts':
        "import { triple } from './triple.ts';\nself.onmessage = ({ data }) => self.postMessage(triple(data));\n",
      'src/shared.worker.ts':
        "import { triple } from './triple.ts';\nself.onconnect = ({ ports: [port] }) => { port.onmessage = ({ data }) => port.postMessage(triple(data)); };\n",
    },
    ready: '.counter',
    settled: "document.body.dataset.settled === 'yes'",
    click: '.counter',
    state: '.counter',
    edits: [
      {
        what: 'script',
        file: 'src/accepted.ts',
        from: 'first',
        to: 'changed',
        shows: textIs('pre', 'changed'),
      },
      {
        what: 'script',
        file: 'src/self.ts',
        from: 'self one',
        to: 'self two',
        shows: textIs('pre', 'self two'),
      },
      {
        what: 'style',
        file: 'src/nested.scss',
        from: '30px',
        to: '44px',
        shows: styleIs('h1', 'font-size', '44px'),
      },
      {
        what: 'style',
        file: 'src/linked.css',
        from: 'purple',
        to: 'green',
        shows: styleIs('h1', 'color', 'rgb(0, 128, 0)'),
      },
      {
        what: 'script',
        file: 'src/aliased.ts',
        from: 'by tsconfig',
        to: 'by reload',
        shows: textIs('pre', 'by reload'),
      },
      {
        what: 'template',
        file: 'index.html',
        from: '<h1>Features</h1>',
        to: '<h1>Edited</h1>',
        shows: textIs('h1', 'Edited'),
      },
    ],
  };
}

export const featureApps: CorpusApp[] = [
  features('features-vite-8', '^8.3.0'),
  features('features-vite-7', '^7.1.0'),
  features('features-vite-6', '^6.3.0'),
  features('features-vite-5', '^5.4.0'),
];
