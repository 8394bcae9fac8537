import type { Server } from 'node:http';
import { join, resolve } from 'node:path';
import type { HotPayload, InlineConfig, Logger, Plugin, UserConfig, ViteDevServer } from 'vite';
import type { ViteModule } from './find-vite.ts';
import { bridgeClient } from './hot-client.ts';
import { stableImports } from './stable-imports.ts';

export interface ServerSpec {
  directory: string;
  cacheDirectory: string;
  config: UserConfig;
  /** The file the configuration was read from, for plugins that ask. */
  configFile: string | undefined;
  logger: Logger;
  /** Takes the hot-update connections. */
  httpServer: Server;
  /** Directories outside the project that its modules may come from. */
  allow: string[];
  /** Lays out packages that were bundled before; called when Vite knows what they depend on, before it looks. */
  onBeforeOptimizer(server: ViteDevServer): Promise<void>;
  /** Sees what Vite sends to every page; answers whether it goes out now. */
  onPayload(payload: HotPayload, send: (payload: HotPayload) => void): void;
}

/** The worktree's own Vite as it serves pages, without a port, a watcher or a place in the worktree of its own. */
export async function createViteServer(vite: ViteModule, spec: ServerSpec): Promise<ViteDevServer> {
  let server: ViteDevServer | undefined;
  const setup: Plugin = {
    name: 'vitrine:setup',
    enforce: 'post',
    configResolved(config) {
      // Not given to Vite as such: it would read it itself, and write beside it.
      if (spec.configFile !== undefined) (config as { configFile?: string }).configFile = spec.configFile;
      config.server.fs.allow.push(...spec.allow);
    },
    configureServer(created) {
      server = created;
    },
    // The optimizer looks for its cache right after this.
    buildStart: {
      order: 'post',
      sequential: true,
      handler: async () => {
        if (server) await spec.onBeforeOptimizer(server);
      },
    },
  };
  const inline: InlineConfig = {
    configFile: false,
    root: resolve(spec.directory, spec.config.root ?? '.'),
    mode: spec.config.mode ?? 'development',
    cacheDir: join(spec.cacheDirectory, 'vite'),
    clearScreen: false,
    customLogger: spec.logger,
    plugins: [bridgeClient(), stableImports(), setup],
  };
  const config: InlineConfig = vite.mergeConfig(spec.config, inline);
  const { hmr } = config.server ?? {};
  config.server = {
    ...config.server,
    // The companion decides who may come in, and takes to the backend what is the backend's.
    host: undefined,
    https: undefined,
    allowedHosts: true,
    proxy: undefined,
    middlewareMode: true,
    watch: null,
    hmr:
      hmr === false
        ? false
        : {
            ...(typeof hmr === 'object' && { overlay: hmr.overlay, timeout: hmr.timeout }),
            server: spec.httpServer,
          },
    open: false,
  };
  const created = await vite.createServer(config);
  const hot = created.environments?.client?.hot ?? created.ws;
  const send = hot.send.bind(hot) as (payload: HotPayload) => void;
  const intercepted = (first: HotPayload | string, data?: unknown) =>
    spec.onPayload(typeof first === 'string' ? { type: 'custom', event: first, data } : first, send);
  hot.send = intercepted;
  if (created.ws !== hot) created.ws.send = intercepted;
  return created;
}
