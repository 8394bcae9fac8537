import { createServer as createHttpServer } from 'node:http';
import { join, resolve } from 'node:path';
import type {
  HotPayload,
  InlineConfig,
  Logger,
  Plugin,
  ResolvedConfig,
  UserConfig,
  ViteDevServer,
} from 'vite';
import type { VendorEntries } from '../vendor/entries.ts';
import type { ViteModule } from './find-vite.ts';
import { vendorImports } from './vendor-imports.ts';

export interface ServerSpec {
  directory: string;
  cacheDirectory: string;
  config: UserConfig;
  entries: VendorEntries;
  logger: Logger;
  /** What Vite would send to browsers. */
  onPayload(payload: HotPayload): void;
  /** The plugins were told of a changed file. */
  onHooked(concernsModules: boolean): void;
}

/** The worktree's Vite as a transformer: no port, no watcher, no optimizer, nothing written to the worktree. */
export async function createViteServer(vite: ViteModule, spec: ServerSpec): Promise<ViteDevServer> {
  let exclude: string[] = [];
  const isExcluded = (id: string) => exclude.some((name) => id === name || id.startsWith(`${name}/`));
  const setup: Plugin = {
    name: 'vitrine:setup',
    enforce: 'post',
    configResolved(config) {
      exclude = [...(config.optimizeDeps.exclude ?? [])];
      switchOffOptimizer(config);
    },
    // Vite 5 knows only the first of these, later ones prefer the second.
    handleHotUpdate: { order: 'post', handler: ({ modules }) => spec.onHooked(modules.length > 0) },
    hotUpdate: {
      order: 'post',
      handler({ modules }) {
        if (this.environment.name === 'client') spec.onHooked(modules.length > 0);
      },
    },
  };
  const inline: InlineConfig = {
    configFile: false,
    root: resolve(spec.directory, spec.config.root ?? '.'),
    mode: spec.config.mode ?? 'development',
    cacheDir: join(spec.cacheDirectory, 'vite'),
    appType: 'custom',
    clearScreen: false,
    customLogger: spec.logger,
    plugins: [vendorImports(spec.entries, isExcluded), setup],
  };
  const config: InlineConfig = vite.mergeConfig(spec.config, inline);
  config.server = {
    ...config.server,
    middlewareMode: true,
    watch: null,
    // Attached to a server that never listens: plugins see that hot updates are on, no port is opened.
    hmr: { server: createHttpServer() },
    preTransformRequests: false,
    warmup: {},
    open: false,
  };
  const server = await vite.createServer(config);
  const hot = server.environments?.client?.hot ?? server.ws;
  const send = (first: HotPayload | string, data?: unknown) =>
    spec.onPayload(typeof first === 'string' ? { type: 'custom', event: first, data } : first);
  hot.send = send;
  if (server.ws !== hot) server.ws.send = send;
  return server;
}

/** Plugins add packages to optimize; the vendor bundle is in its place. */
function switchOffOptimizer(config: ResolvedConfig): void {
  for (const options of [config.optimizeDeps, config.environments?.client?.optimizeDeps]) {
    if (options === undefined) continue;
    options.noDiscovery = true;
    options.include = [];
  }
}
