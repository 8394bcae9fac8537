import { type CorpusApp, styleIs, textIs } from '../app.ts';

/** As Create React App made them, with React 16; its own server is webpack's. */
export const createReactApp: CorpusApp = {
  name: 'cra-react-16',
  command: ['node', 'node_modules/react-scripts/bin/react-scripts.js', 'start'],
  files: {
    'package.json': JSON.stringify({
      name: 'cra',
      version: '0.1.0',
      private: true,
      scripts: { start: 'react-scripts start' },
      dependencies: {
        react: '^16.14.0',
        'react-dom': '^16.14.0',
        'react-scripts': '5.0.1',
        classnames: '^2.5.0',
        // Ends a quarrel of its plugins'.
        ajv: '^8.17.0',
      },
      browserslist: ['last 1 chrome version'],
    }),
    '.env': 'REACT_APP_NAME=named\n',
    'public/index.html':
      '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>CRA</title><link rel="icon" href="%PUBLIC_URL%/logo.svg"></head><body><div id="root"></div></body></html>\n',
    'public/logo.svg':
      '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="30"><rect width="30" height="30" fill="navy"/></svg>\n',
    'src/index.js': `import React from 'react';
import ReactDOM from 'react-dom';
import './index.css';
import App from './App';
ReactDOM.render(<App />, document.getElementById('root'));
`,
    'src/index.css': 'body { font-family: sans-serif; }\n',
    'src/App.js': `import React, { useState, Suspense, lazy } from 'react';
import classNames from 'classnames';
import logo from './logo.svg';
import styles from './App.module.css';
import './App.css';
const Late = lazy(() => import('./Late'));
export default function App() {
  const [count, setCount] = useState(0);
  return (
    <div className={classNames('App', styles.box)}>
      <img src={logo} alt="logo" />
      <h1>Get started</h1>
      <button className="counter" onClick={() => setCount(count + 1)}>Count is {count}</button>
      <p>{process.env.REACT_APP_NAME} {process.env.NODE_ENV}</p>
      <Suspense fallback="…"><Late /></Suspense>
    </div>
  );
}
`,
    'src/Late.js':
      'import React from \'react\';\nexport default function Late() { return <p id="late">Late</p>; }\n',
    'src/App.css': '.App { text-align: center; }\n.counter { color: rgb(1, 2, 3); }\n',
    'src/App.module.css': '.box { padding: 20px; background: #eee; }\n',
    'src/logo.svg':
      '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="60"><circle cx="30" cy="30" r="28" fill="tomato"/></svg>\n',
  },
  ready: '.counter',
  settled: textIs('#late', 'Late'),
  click: '.counter',
  state: '.counter',
  edits: [
    {
      what: 'template',
      file: 'src/App.js',
      from: '<h1>Get started',
      to: '<h1>Get edited',
      shows: textIs('h1', 'Get edited'),
    },
    {
      what: 'script',
      file: 'src/App.js',
      from: 'Count is',
      to: 'Clicked',
      shows: textIs('.counter', 'Clicked'),
    },
    {
      what: 'style',
      file: 'src/App.css',
      from: 'rgb(1, 2, 3)',
      to: 'rgb(200, 2, 3)',
      shows: styleIs('.counter', 'color', 'rgb(200, 2, 3)'),
    },
  ],
};
