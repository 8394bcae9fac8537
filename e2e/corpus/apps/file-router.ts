import { type CorpusApp, textIs } from '../app.ts';

/** TanStack Router: a plugin that writes the tree of routes; lazy routes; a deep link. */
export const fileRouter: CorpusApp = {
  name: 'file-router',
  template: 'react-ts',
  packages: { '@tanstack/react-router': '^1.130.0', '@tanstack/router-plugin': '^1.130.0' },
  path: '/about',
  files: {
    'vite.config.ts': `import { tanstackRouter } from '@tanstack/router-plugin/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
export default defineConfig({ plugins: [tanstackRouter({ target: 'react', autoCodeSplitting: true }), react()] });
`,
    'src/App.tsx': null,
    'src/App.css': null,
    'src/main.tsx': `import { createRouter, RouterProvider } from '@tanstack/react-router';
import { createRoot } from 'react-dom/client';
import { routeTree } from './routeTree.gen';
import './index.css';
const router = createRouter({ routeTree });
createRoot(document.getElementById('root')!).render(<RouterProvider router={router} />);
`,
    'src/routes/__root.tsx': `import { createRootRoute, Link, Outlet } from '@tanstack/react-router';
export const Route = createRootRoute({ component: () => (<><nav><Link to="/">Home</Link> <Link to="/about">About</Link></nav><Outlet /></>) });
`,
    'src/routes/index.tsx': `import { createFileRoute } from '@tanstack/react-router';
export const Route = createFileRoute('/')({ component: () => <h1>Home</h1> });
`,
    'src/routes/about.tsx': `import { createFileRoute } from '@tanstack/react-router';
import { useState } from 'react';
export const Route = createFileRoute('/about')({ component: About });
function About() {
  const [count, setCount] = useState(0);
  return (<><h1>About</h1><button className="counter" onClick={() => setCount(count + 1)}>Count is {count}</button></>);
}
`,
  },
  ready: '.counter',
  click: '.counter',
  state: '.counter',
  edits: [
    {
      what: 'template',
      file: 'src/routes/about.tsx',
      from: '<h1>About</h1>',
      to: '<h1>About us</h1>',
      shows: textIs('h1', 'About us'),
    },
    {
      what: 'script',
      file: 'src/routes/__root.tsx',
      from: '<Link to="/">Home</Link>',
      to: '<Link to="/">Start</Link>',
      shows: textIs('nav', 'Start'),
    },
  ],
};
