import type { CorpusApp } from '../app.ts';
import { createReactApp } from './create-react-app.ts';
import { featureApps } from './features.ts';
import { fileRouter } from './file-router.ts';
import { lazyRoutes } from './lazy-routes.ts';
import { monorepo } from './monorepo.ts';
import { astro, next } from './servers.ts';
import { tailwind, tailwind3 } from './tailwind.ts';
import { templates } from './templates.ts';

export const apps: CorpusApp[] = [
  ...templates,
  tailwind,
  tailwind3,
  fileRouter,
  lazyRoutes,
  ...featureApps,
  monorepo,
  createReactApp,
  next,
  astro,
];
