import { existsSync, type Stats, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { basename, dirname, join, resolve } from 'node:path';
import type { Duplex } from 'node:stream';
import type { ErrorPayload, HotPayload, ViteDevServer } from 'vite';
import type { BuildError } from '#shared/realtime/channels.ts';
import type { Build, LoadRequest } from '../../protocol.ts';
import type { ViteCall } from '../../vite-call.ts';
import { toBuildError } from '../errors/build-error.ts';
import { dependencyStamp, isLockFile } from '../lock-file.ts';
import type { Pipeline, PipelineContext } from '../pipeline.ts';
import { createViteServer } from './create-server.ts';
import { currentModules } from './current-modules.ts';
import { type FoundVite, importVite } from './find-vite.ts';
import { type ChangeKind, KnownFiles } from './known-files.ts';
import { LoadAhead } from './load-ahead.ts';
import { loadConfig } from './load-config.ts';
import { createLogger } from './logger.ts';
import { PackageCache, type SharedPackages } from './package-cache.ts';
import { packageDirectories } from './package-directories.ts';
import { PackageFiles } from './package-files.ts';
import { PayloadGate, STORM_FILES } from './payload-gate.ts';
import { PluginSockets } from './plugin-sockets.ts';
import { rewritten, rewrittenContexts } from './proxies.ts';
import { readViteCall } from './read-call.ts';
import { type LoadedModule, type Resumed, resume } from './resume.ts';
import { mapStack } from './stack-mapper.ts';
import { markUntaken } from './untaken.ts';
import { WatchedFiles } from './watched-files.ts';

/** After the last request, ms, packages that were bundled meanwhile are offered to other worktrees. */
const OFFER_AFTER_MS = 1_500;

/** Opens the worktree's own Vite. Rejects with what is wrong with its configuration. */
export async function openVite(found: FoundVite, context: PipelineContext): Promise<Pipeline> {
  const { root, worktree, cacheDirectory, vendorDirectory } = context.options;
  const call = readViteCall(root);
  const { PORT: _port, HOST: _host, ...variables } = call?.env ?? {};
  Object.assign(process.env, variables);
  const vite = await importVite(found);
  // Errors of the project's configuration name the line they were written on. Not before: Vite itself loads 20 ms slower.
  process.setSourceMapsEnabled(true);
  const { config, files } = await loadConfig(root, cacheDirectory, call ?? {});
  const gate = new PayloadGate();
  const watched = new WatchedFiles(vite, config.server?.watch?.ignored);
  const sockets = new PluginSockets();
  const state: { packages?: PackageCache; onPayload?(payload: HotPayload): void } = {};
  const server = await createViteServer(vite, {
    directory: root,
    cacheDirectory,
    config,
    call: call ?? {},
    configFile: files[0],
    watched,
    sockets,
    allow: [cacheDirectory, ...packageDirectories(root, worktree)],
    logger: createLogger((level, text) => context.emit({ type: 'log', level, text })),
    async onBeforeOptimizer(created) {
      const stamp = dependencyStamp(root, worktree);
      state.packages = new PackageCache(created.config, vendorDirectory, found.version, stamp);
      await state.packages.seed(created);
    },
    onPayload(payload, send) {
      state.onPayload?.(payload);
      gate.pass(payload, send);
    },
    onRestart: () => context.onRestart(),
  });
  const pipeline = new VitePipeline({
    context,
    server,
    gate,
    watched,
    sockets,
    files,
    call,
    packages: state.packages,
  });
  state.onPayload = (payload) => pipeline.onPayload(payload);
  return pipeline;
}

interface Parts {
  context: PipelineContext;
  server: ViteDevServer;
  gate: PayloadGate;
  watched: WatchedFiles;
  sockets: PluginSockets;
  files: string[];
  call: ViteCall | null;
  packages: PackageCache | undefined;
}

class VitePipeline implements Pipeline {
  readonly #context: PipelineContext;
  readonly #server: ViteDevServer;
  readonly #gate: PayloadGate;
  readonly #watched: WatchedFiles;
  readonly #sockets: PluginSockets;
  readonly #configFiles: Set<string>;
  readonly #call: string;
  readonly #packages: PackageCache | undefined;
  readonly #packageFiles: PackageFiles;
  readonly #known: KnownFiles;
  readonly #ahead = new LoadAhead((request, response) => this.serve(request, response));
  readonly #closing = new AbortController();
  #offerTimer: NodeJS.Timeout | undefined;
  #error: BuildError | null = null;

  constructor({ context, server, gate, watched, sockets, files, call, packages }: Parts) {
    this.#context = context;
    this.#server = server;
    this.#gate = gate;
    this.#watched = watched;
    this.#sockets = sockets;
    this.#configFiles = new Set(files);
    this.#call = JSON.stringify(call);
    this.#packages = packages;
    this.#packageFiles = new PackageFiles(server);
    this.#known = new KnownFiles(context.options.worktree);
  }

  get error(): BuildError | null {
    return this.#error;
  }

  async prepare(): Promise<void> {
    if (!this.#context.resumes) void this.#warmUp();
  }

  async build(): Promise<Build> {
    return {
      mode: 'vite',
      modules: {},
      vendor: '',
      outer: [],
      packages: {},
      base: this.#server.config.base,
      hasSockets: this.#sockets.has,
      rewrites: rewrittenContexts(this.#server.config.server.proxy),
      publicDirectory: null,
      assetDirectories: [],
      template: '',
    };
  }

  serve(request: IncomingMessage, response: ServerResponse): void {
    clearTimeout(this.#offerTimer);
    this.#offerTimer = setTimeout(() => void this.#offer(), OFFER_AFTER_MS);
    this.#offerTimer.unref();
    markUntaken(request, response, this.#server.config.base);
    const toVite = () => this.#server.middlewares(request, response, () => response.writeHead(404).end());
    this.#packageFiles.serve(request, response).then((isServed) => {
      if (!isServed) toVite();
    }, toVite);
  }

  load(asked: LoadRequest, to: ServerResponse): Promise<void> {
    return this.#ahead.stream(asked, to);
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (!this.#server.httpServer?.emit('upgrade', request, socket, head)) socket.destroy();
  }

  async resume(modules: LoadedModule[]): Promise<Resumed> {
    const resumed = await resume(this.#server, this.#packageFiles, modules, () => this.#readPage());
    void this.#warmUp();
    return resumed;
  }

  current(modules: LoadedModule[]): Promise<string[]> {
    return currentModules(this.#server, this.#packageFiles, modules);
  }

  rewrite(url: string): string {
    return rewritten(this.#server.config.server.proxy, url);
  }

  mapStack(stack: string): Promise<string> {
    return mapStack(this.#server, this.#context.options.worktree, stack);
  }

  async sharedPackages(key: string): Promise<SharedPackages | null> {
    return key === this.#packages?.key ? this.#packages.collect() : null;
  }

  restartsFor(path: string): boolean {
    if (this.#configFiles.has(path) || isLockFile(path)) return true;
    if (path === join(this.#context.options.root, 'package.json') && this.#isCalledOtherwise()) return true;
    const { envDir, root } = this.#server.config;
    const isNewConfig =
      /^vite\.config\.[cm]?[jt]s$/.test(basename(path)) && dirname(path) === this.#context.options.root;
    const isEnvironment = /^\.env(?:\.|$)/.test(basename(path)) && (envDir as string | false) !== false;
    return isNewConfig || (isEnvironment && dirname(path) === resolve(String(envDir || root)));
  }

  async changed(paths: string[]): Promise<void> {
    const changes = paths.flatMap((path) => this.#changesOf(path));
    if (changes.length > STORM_FILES) this.#gate.storm();
    const { watcher } = this.#server;
    for (const { kind, path, stats } of changes) {
      if (!this.#watched.includes(path)) continue;
      watcher.emit(kind, path, stats);
      watcher.emit('all', kind, path, stats);
    }
  }

  onPayload(payload: HotPayload): void {
    if (payload.type === 'error')
      this.#setError(toBuildError(asThrown(payload.err), this.#server.config.root));
    if (payload.type === 'update' || payload.type === 'full-reload') this.#setError(null);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    clearTimeout(this.#offerTimer);
    this.#gate.close();
    await this.#server.close();
  }

  /** What a watcher would say; nothing for directories but which of their files are gone. */
  #changesOf(path: string): { kind: ChangeKind; path: string; stats?: Stats }[] {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats?.isDirectory()) {
      const gone = this.#known.below(path).filter((file) => !existsSync(file));
      return gone.flatMap((file) => this.#changesOf(file));
    }
    const kind = this.#known.changeOf(path, stats);
    const below = stats ? [] : this.#known.below(path).flatMap((file) => this.#changesOf(file));
    return kind === null ? below : [{ kind, path, ...(stats && { stats }) }, ...below];
  }

  #isCalledOtherwise(): boolean {
    return JSON.stringify(readViteCall(this.#context.options.root)) !== this.#call;
  }

  #setError(error: BuildError | null): void {
    if (error === null && this.#error === null) return;
    this.#error = error;
    this.#context.emit({ type: 'error', error, inPage: true });
  }

  /** Transforms what the first page is going to ask for, and gets to know the files when that is done. */
  async #warmUp(): Promise<void> {
    try {
      await this.#readPage();
      await this.#server.waitForRequestsIdle?.();
    } catch {
      // Whoever asks for it is told.
    }
    await this.#known.read(this.#closing.signal);
  }

  /** Vite gets to know the scripts in the page, and begins with the modules that they import. */
  async #readPage(): Promise<void> {
    const html = await readFile(join(this.#server.config.root, 'index.html'), 'utf8');
    await this.#server.transformIndexHtml('/index.html', html, '/');
  }

  async #offer(): Promise<void> {
    if (!this.#packages || !(await this.#packages.isNew())) return;
    if (!this.#closing.signal.aborted) this.#context.emit({ type: 'packages', key: this.#packages.key });
  }
}

/** Vite names the file of an error apart from its place. */
const asThrown = (error: ErrorPayload['err']) => ({ ...error, loc: error.loc && { ...error.loc } });
