import { createServer as createHttpServer } from 'node:http';
import { join } from 'node:path';
import type { HotPayload, InlineConfig, Logger, ResolvedConfig, ViteDevServer } from 'vite';
import type { VendorEntries } from '../vendor/entries.ts';
import type { ViteModule } from './find-vite.ts';
import { vendorImports } from './vendor-imports.ts';

export interface ServerSpec {
  root: string;
  cacheDirectory: string;
  entries: VendorEntries;
  logger: Logger;
  onPayload(payload: HotPayload): void;
  /** Vite looked at a changed file and told its plugins. */
  onHandled(file: string): void;
}

/** The worktree's Vite as a transformer: no port, no watcher, no socket, no optimizer, nothing written to the worktree. */
export async function createViteServer(vite: ViteModule, spec: ServerSpec): Promise<ViteDevServer> {
  let exclude: string[] = [];
  const isExcluded = (id: string) => exclude.some((name) => id === name || id.startsWith(`${name}/`));
  const inline: InlineConfig = {
    root: spec.root,
    mode: 'development',
    cacheDir: join(spec.cacheDirectory, 'vite'),
    appType: 'custom',
    clearScreen: false,
    customLogger: spec.logger,
    server: {
      middlewareMode: true,
      watch: null,
      // Attached to a server that never listens: hot updates stay on (plugins ask), no port is opened.
      hmr: { server: createHttpServer() },
      preTransformRequests: false,
    },
    plugins: [
      vendorImports(spec.entries, isExcluded),
      {
        name: 'vitrine:setup',
        enforce: 'post',
        configResolved(config) {
          exclude = [...(config.optimizeDeps.exclude ?? [])];
          switchOffOptimizer(config);
        },
        handleHotUpdate: { order: 'post', handler: ({ file }) => spec.onHandled(file) },
      },
    ],
  };
  const server = await vite.createServer(inline);
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
