import { once } from 'node:events';
import { join, resolve } from 'node:path';
import type { HotPayload, InlineConfig, Logger, Plugin, UserConfig, ViteDevServer } from 'vite';
import type { ViteCall } from '../../vite-call.ts';
import { NeedsOwnServer } from '../errors/needs-own-server.ts';
import type { ViteModule } from './find-vite.ts';
import { bridgeClient } from './hot-client.ts';
import { importsOfPackages } from './imports-of-packages.ts';
import type { PluginSockets } from './plugin-sockets.ts';
import { throughWayOut } from './proxies.ts';
import { stableImports } from './stable-imports.ts';
import type { WatchedFiles } from './watched-files.ts';

export interface ServerSpec {
  directory: string;
  cacheDirectory: string;
  config: UserConfig;
  /** What the command line says, which has the last word. */
  call: Pick<ViteCall, 'root' | 'mode' | 'base'>;
  /** The file the configuration was read from, for plugins that ask. */
  configFile: string | undefined;
  logger: Logger;
  /** Gets to know what is watched. */
  watched: WatchedFiles;
  /** Gets to know what listens. */
  sockets: PluginSockets;
  /** Directories outside the project that its modules may come from. */
  allow: string[];
  /** Lays out packages that were bundled before; called when Vite knows what they depend on, before it looks. */
  onBeforeOptimizer(server: ViteDevServer): Promise<void>;
  /** Sees what Vite sends to every page; answers whether it goes out now. */
  onPayload(payload: HotPayload, send: (payload: HotPayload) => void): void;
  /** A plugin wants Vite started anew. */
  onRestart(): void;
}

/**
 * The worktree's own Vite as it serves pages, without a watcher or a place in the worktree of its own. Not as a middleware: it
 * would redirect and reload otherwise than a dev server, and have no HTTP server for the plugins that look for one.
 */
export async function createViteServer(vite: ViteModule, spec: ServerSpec): Promise<ViteDevServer> {
  let server: ViteDevServer | undefined;
  let isConfigured = false;
  const setup: Plugin = {
    name: 'vitrine:setup',
    enforce: 'post',
    configResolved(config) {
      isConfigured = true;
      // Not given to Vite as such: it would read it itself, and write beside it.
      if (spec.configFile !== undefined) (config as { configFile?: string }).configFile = spec.configFile;
      config.server.fs.allow.push(...spec.allow);
    },
    configureServer: {
      order: 'pre',
      handler(created) {
        server = created;
        spec.watched.attach(created);
        spec.sockets.attach(created);
      },
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
  const { call } = spec;
  const inline: InlineConfig = {
    configFile: false,
    root: resolve(spec.directory, call.root ?? spec.config.root ?? '.'),
    mode: call.mode ?? spec.config.mode ?? 'development',
    ...(call.base !== undefined && { base: call.base }),
    // Plugins leave alone what is below a node_modules, as it is where Vite keeps its cache by itself.
    cacheDir: join(spec.cacheDirectory, 'node_modules/.vite'),
    clearScreen: false,
    customLogger: spec.logger,
    plugins: [bridgeClient(), stableImports(), importsOfPackages(), setup],
  };
  const config: InlineConfig = vite.mergeConfig(spec.config, inline);
  const { hmr } = config.server ?? {};
  config.server = {
    ...config.server,
    // The companion decides who may come in, and takes to the backend what is the backend's.
    host: undefined,
    https: undefined,
    origin: undefined,
    allowedHosts: true,
    proxy: throughWayOut(config.server?.proxy),
    middlewareMode: false,
    watch: null,
    hmr:
      hmr === false
        ? false
        : {
            ...(typeof hmr === 'object' && { overlay: hmr.overlay, timeout: hmr.timeout }),
          },
    open: false,
  };
  const created = await vite.createServer(config).catch((error: unknown) => {
    // What is wrong with the configuration itself is wrong for its own server too.
    if (!isConfigured) throw error;
    const { message } = error as Error;
    throw new NeedsOwnServer(`a plugin cannot do without a server of its own: ${message}`, error);
  });
  const hot = created.environments?.client?.hot ?? created.ws;
  const send = hot.send.bind(hot) as (payload: HotPayload) => void;
  const intercepted = (first: HotPayload | string, data?: unknown) =>
    spec.onPayload(typeof first === 'string' ? { type: 'custom', event: first, data } : first, send);
  hot.send = intercepted;
  if (created.ws !== hot) created.ws.send = intercepted;
  created.restart = async () => spec.onRestart();
  await listen(created);
  return created;
}

/** On a port that nobody is told of: Vite begins its work then, and plugins hear of it. */
async function listen({ httpServer }: ViteDevServer): Promise<void> {
  if (!httpServer) return;
  const listening = once(httpServer, 'listening');
  httpServer.listen(0, '127.0.0.1');
  await listening;
}
