import { type CorpusApp, styleIs, textIs } from '../app.ts';

/** Bundlers with a dev server of their own, each with a counter. */

const STYLE = 'h1 { color: rgb(1, 2, 3); }\n';
const edits = (component: string, style: string): CorpusApp['edits'] => [
  {
    what: 'template',
    file: component,
    from: 'Built by',
    to: 'Edited in',
    shows: textIs('h1', 'Edited in'),
  },
  {
    what: 'script',
    file: component,
    from: 'Count is',
    to: 'Clicked',
    shows: textIs('#count', 'Clicked'),
  },
  {
    what: 'style',
    file: style,
    from: 'rgb(1, 2, 3)',
    to: 'rgb(200, 2, 3)',
    shows: styleIs('h1', 'color', 'rgb(200, 2, 3)'),
  },
];
const COUNTER = { ready: '#count', click: '#count', state: '#count' };
const at = (bin: string, ...args: string[]) => ['node', `node_modules/${bin}`, ...args, '--port', 'PORT'];
const HOST = ['--host', '127.0.0.1'];
const REACT = { react: '^19.0.0', 'react-dom': '^19.0.0' };
const reactApp = (name: string) => `import { useState } from 'react';
export default function App() {
  const [count, setCount] = useState(0);
  return <main><h1>Built by ${name}</h1><button id="count" onClick={() => setCount(count + 1)}>Count is {count}</button></main>;
}
`;
const reactEntry = (imports = '') => `import { createRoot } from 'react-dom/client';
import App from './App';
${imports}createRoot(document.getElementById('root')).render(<App />);
`;

const angular: CorpusApp = {
  ...COUNTER,
  name: 'angular',
  command: [...at('@angular/cli/bin/ng.js', 'serve'), ...HOST],
  files: {
    'package.json': JSON.stringify({
      name: 'angular-app',
      private: true,
      scripts: { start: 'ng serve', build: 'ng build' },
      dependencies: {
        '@angular/common': '^21.0.0',
        '@angular/compiler': '^21.0.0',
        '@angular/core': '^21.0.0',
        '@angular/platform-browser': '^21.0.0',
        rxjs: '~7.8.0',
        tslib: '^2.3.0',
      },
      devDependencies: {
        '@angular/build': '^21.0.0',
        '@angular/cli': '^21.0.0',
        '@angular/compiler-cli': '^21.0.0',
        typescript: '~5.9.2',
      },
    }),
    '.gitignore': 'node_modules\n.angular\n',
    'angular.json': JSON.stringify({
      version: 1,
      cli: { analytics: false },
      projects: {
        app: {
          projectType: 'application',
          root: '',
          sourceRoot: 'src',
          architect: {
            build: {
              builder: '@angular/build:application',
              options: {
                browser: 'src/main.ts',
                index: 'src/index.html',
                tsConfig: 'tsconfig.json',
                styles: ['src/styles.css'],
                optimization: false,
                sourceMap: true,
              },
            },
            serve: { builder: '@angular/build:dev-server', options: { buildTarget: 'app:build' } },
          },
        },
      },
    }),
    'tsconfig.json': JSON.stringify({
      compilerOptions: {
        strict: true,
        skipLibCheck: true,
        isolatedModules: true,
        experimentalDecorators: true,
        importHelpers: true,
        target: 'ES2022',
        module: 'preserve',
        types: [],
      },
      include: ['src/**/*.ts'],
    }),
    'src/index.html':
      '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Angular</title><base href="/"></head><body><app-root></app-root></body></html>\n',
    'src/main.ts': `import { bootstrapApplication } from '@angular/platform-browser';
import { App } from './app';
bootstrapApplication(App).catch((error) => console.error(error));
`,
    'src/app.ts': `import { Component, signal } from '@angular/core';
@Component({ selector: 'app-root', templateUrl: './app.html' })
export class App {
  protected readonly count = signal(0);
  protected add() { this.count.update((count) => count + 1); }
}
`,
    'src/app.html':
      '<h1>Built by Angular</h1>\n<button id="count" (click)="add()">Count is {{ count() }}</button>\n',
    'src/styles.css': STYLE,
  },
  edits: edits('src/app.html', 'src/styles.css'),
};

const webpack: CorpusApp = {
  ...COUNTER,
  name: 'webpack',
  command: [...at('webpack/bin/webpack.js', 'serve'), ...HOST],
  files: {
    'package.json': JSON.stringify({
      name: 'webpack-app',
      private: true,
      scripts: { start: 'webpack serve --open' },
      devDependencies: {
        'css-loader': '^7.0.0',
        'html-webpack-plugin': '^5.6.0',
        'style-loader': '^4.0.0',
        webpack: '^5.100.0',
        'webpack-cli': '^7.0.0',
        'webpack-dev-server': '^6.0.0',
      },
    }),
    '.gitignore': 'node_modules\ndist\n',
    'webpack.config.js': `const Html = require('html-webpack-plugin');
module.exports = {
  mode: 'development',
  entry: './src/index.js',
  plugins: [new Html({ template: './src/index.html' })],
  module: { rules: [{ test: /\\.css$/, use: ['style-loader', 'css-loader'] }] },
  devServer: { port: 8080, historyApiFallback: true },
};
`,
    'src/index.html':
      '<!doctype html><html><head><title>webpack</title></head><body><h1></h1><button id="count"></button></body></html>\n',
    'src/index.js': `import './style.css';
import { heading, label } from './text.js';
let count = 0;
const button = document.querySelector('#count');
const show = () => {
  document.querySelector('h1').textContent = heading;
  button.textContent = label(count);
};
button.onclick = () => { count += 1; show(); };
show();
module.hot.accept('./text.js', show);
`,
    'src/text.js':
      "export const heading = 'Built by webpack';\nexport const label = (count) => 'Count is ' + count;\n",
    'src/style.css': STYLE,
  },
  edits: edits('src/text.js', 'src/style.css'),
};

const rsbuild: CorpusApp = {
  ...COUNTER,
  name: 'rsbuild',
  command: [...at('@rsbuild/core/bin/rsbuild.js', 'dev'), ...HOST],
  files: {
    'package.json': JSON.stringify({
      name: 'rsbuild-app',
      private: true,
      type: 'module',
      scripts: { dev: 'rsbuild --open', build: 'rsbuild build' },
      dependencies: REACT,
      devDependencies: { '@rsbuild/core': '^2.0.0', '@rsbuild/plugin-react': '^2.0.0' },
    }),
    '.gitignore': 'node_modules\ndist\n',
    'rsbuild.config.js': `import { pluginReact } from '@rsbuild/plugin-react';
export default { plugins: [pluginReact()] };
`,
    'src/index.jsx': reactEntry("import './style.css';\n"),
    'src/App.jsx': reactApp('Rsbuild'),
    'src/style.css': STYLE,
  },
  edits: edits('src/App.jsx', 'src/style.css'),
};

const parcel: CorpusApp = {
  ...COUNTER,
  name: 'parcel',
  command: [...at('parcel/lib/bin.js', 'src/index.html'), ...HOST],
  files: {
    'package.json': JSON.stringify({
      name: 'parcel-app',
      private: true,
      source: 'src/index.html',
      scripts: { start: 'parcel', build: 'parcel build' },
      dependencies: REACT,
      devDependencies: { parcel: '^2.16.0' },
    }),
    '.gitignore': 'node_modules\ndist\n.parcel-cache\n',
    'src/index.html':
      '<!doctype html><html><head><title>Parcel</title><link rel="stylesheet" href="./style.css"></head><body><div id="root"></div><script type="module" src="./index.jsx"></script></body></html>\n',
    'src/index.jsx': reactEntry(),
    'src/App.jsx': reactApp('Parcel'),
    'src/style.css': STYLE,
  },
  edits: edits('src/App.jsx', 'src/style.css'),
};

const vueCli: CorpusApp = {
  ...COUNTER,
  name: 'vue-cli',
  command: [...at('@vue/cli-service/bin/vue-cli-service.js', 'serve'), ...HOST],
  files: {
    'package.json': JSON.stringify({
      name: 'vue-cli-app',
      version: '0.1.0',
      private: true,
      scripts: { serve: 'vue-cli-service serve', build: 'vue-cli-service build' },
      dependencies: { vue: '^3.5.0' },
      devDependencies: { '@vue/cli-service': '~5.0.0' },
      browserslist: ['last 1 chrome version'],
    }),
    '.gitignore': 'node_modules\ndist\n',
    'vue.config.js': 'module.exports = { transpileDependencies: true };\n',
    'public/index.html':
      '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Vue CLI</title></head><body><div id="app"></div></body></html>\n',
    'src/main.js': `import { createApp } from 'vue';
import App from './App.vue';
import './style.css';
createApp(App).mount('#app');
`,
    'src/App.vue': `<template><main><h1>Built by Vue CLI</h1><button id="count" @click="count++">Count is {{ count }}</button></main></template>
<script>
export default { name: 'App', data: () => ({ count: 0 }) };
</script>
`,
    'src/style.css': STYLE,
  },
  edits: edits('src/App.vue', 'src/style.css'),
};

export const bundlers = [angular, webpack, rsbuild, parcel, vueCli];
