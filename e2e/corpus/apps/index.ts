import type { CorpusApp } from '../app.ts';
import { bundlers } from './bundlers.ts';
import { createReactApp } from './create-react-app.ts';
import { featureApps } from './features.ts';
import { fileRouter } from './file-router.ts';
import { layouts } from './layouts.ts';
import { lazyRoutes } from './lazy-routes.ts';
import { monorepo } from './monorepo.ts';
import { moreServers } from './more-servers.ts';
import { renderers } from './renderers.ts';
import { astro, next } from './servers.ts';
import { sites } from './sites.ts';
import { tailwind, tailwind3 } from './tailwind.ts';
import { templates } from './templates.ts';
import { vitePlugins } from './vite-plugins.ts';

export const apps: CorpusApp[] = [
  ...templates,
  tailwind,
  tailwind3,
  fileRouter,
  lazyRoutes,
  ...featureApps,
  ...vitePlugins,
  monorepo,
  ...layouts,
  createReactApp,
  next,
  astro,
  ...renderers,
  ...bundlers,
  ...moreServers,
  ...sites,
];
