import { type CorpusApp, type Edit, styleIs, textIs } from '../app.ts';

/** What apps of the corpus have in common: a heading with a colour, and a counter. */
export const COUNTER = { ready: '#count', click: '#count', state: '#count' };
export const REACT = { react: '^19.0.0', 'react-dom': '^19.0.0' };
export const STYLE = 'h1 { color: rgb(1, 2, 3); }\n';

/** The heading of a page, and the label of its counter. */
export const edits = (page: string, heading: string, counter: string): CorpusApp['edits'] => [
  {
    what: 'template',
    file: page,
    from: heading,
    to: 'Edited by hand',
    shows: textIs('h1', 'Edited by hand'),
  },
  { what: 'script', file: counter, from: 'Count is', to: 'Clicked', shows: textIs('#count', 'Clicked') },
];

export const styleEdit = (file: string): Edit => ({
  what: 'style',
  file,
  from: 'rgb(1, 2, 3)',
  to: 'rgb(200, 2, 3)',
  shows: styleIs('h1', 'color', 'rgb(200, 2, 3)'),
});

/** A component with both, of React. */
export const reactCounter = (heading: string, head = ''): string => `import { useState } from 'react';
${head}export default function App() {
  const [count, setCount] = useState(0);
  return <main><h1>${heading}</h1><button id="count" onClick={() => setCount(count + 1)}>Count is {count}</button></main>;
}
`;

/** Its page's script. */
export const reactEntry = (imports = ''): string => `import { createRoot } from 'react-dom/client';
import App from './App';
${imports}createRoot(document.getElementById('root')).render(<App />);
`;

export const pageOf = (title: string, script: string): string =>
  `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>${title}</title></head><body><div id="root"></div><script type="module" src="${script}"></script></body></html>\n`;
