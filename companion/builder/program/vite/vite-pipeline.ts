import { type Stats, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { basename, dirname, join, resolve } from 'node:path';
import type { Duplex } from 'node:stream';
import type { ErrorPayload, HotPayload, ViteDevServer } from 'vite';
import type { BuildError } from '#shared/realtime/channels.ts';
import type { Build } from '../../protocol.ts';
import { toBuildError } from '../errors/build-error.ts';
import { dependencyStamp, isLockFile } from '../lock-file.ts';
import type { Pipeline, PipelineContext } from '../pipeline.ts';
import { createViteServer } from './create-server.ts';
import { type FoundVite, importVite } from './find-vite.ts';
import { type ChangeKind, KnownFiles } from './known-files.ts';
import { loadConfig } from './load-config.ts';
import { createLogger } from './logger.ts';
import { PackageCache, type SharedPackages } from './package-cache.ts';
import { packageDirectories } from './package-directories.ts';
import { PackageFiles } from './package-files.ts';
import { PayloadGate, STORM_FILES } from './payload-gate.ts';
import { type LoadedModule, type Resumed, resume } from './resume.ts';
import { mapStack } from './stack-mapper.ts';

/** After the last request, ms, packages that were bundled meanwhile are offered to other worktrees. */
const OFFER_AFTER_MS = 1_500;

/** Opens the worktree's own Vite. Rejects with what is wrong with its configuration. */
export async function openVite(found: FoundVite, context: PipelineContext): Promise<Pipeline> {
  const { root, worktree, cacheDirectory, vendorDirectory } = context.options;
  const [vite, { config, files }] = await Promise.all([importVite(found), loadConfig(root, cacheDirectory)]);
  const hotServer = createServer();
  const gate = new PayloadGate();
  const state: { packages?: PackageCache; onPayload?(payload: HotPayload): void } = {};
  const server = await createViteServer(vite, {
    directory: root,
    cacheDirectory,
    config,
    configFile: files[0],
    httpServer: hotServer,
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
  });
  const pipeline = new VitePipeline({ context, server, hotServer, gate, files, packages: state.packages });
  state.onPayload = (payload) => pipeline.onPayload(payload);
  return pipeline;
}

interface Parts {
  context: PipelineContext;
  server: ViteDevServer;
  /** Never listens: Vite hears of upgrades from it. */
  hotServer: Server;
  gate: PayloadGate;
  files: string[];
  packages: PackageCache | undefined;
}

class VitePipeline implements Pipeline {
  readonly #context: PipelineContext;
  readonly #server: ViteDevServer;
  readonly #hotServer: Server;
  readonly #gate: PayloadGate;
  readonly #configFiles: Set<string>;
  readonly #packages: PackageCache | undefined;
  readonly #packageFiles: PackageFiles;
  readonly #known: KnownFiles;
  readonly #closing = new AbortController();
  #offerTimer: NodeJS.Timeout | undefined;
  #error: BuildError | null = null;

  constructor({ context, server, hotServer, gate, files, packages }: Parts) {
    this.#context = context;
    this.#server = server;
    this.#hotServer = hotServer;
    this.#gate = gate;
    this.#configFiles = new Set(files);
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
      publicDirectory: null,
      assetDirectories: [],
      template: '',
    };
  }

  serve(request: IncomingMessage, response: ServerResponse): void {
    clearTimeout(this.#offerTimer);
    this.#offerTimer = setTimeout(() => void this.#offer(), OFFER_AFTER_MS);
    this.#offerTimer.unref();
    const toVite = () => this.#server.middlewares(request, response, () => response.writeHead(404).end());
    this.#packageFiles.serve(request, response).then((isServed) => {
      if (!isServed) toVite();
    }, toVite);
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#hotServer.emit('upgrade', request, socket, head);
  }

  async resume(modules: LoadedModule[]): Promise<Resumed> {
    const resumed = await resume(this.#server, this.#packageFiles, modules, () => this.#readPage());
    void this.#warmUp();
    return resumed;
  }

  mapStack(stack: string): Promise<string> {
    return mapStack(this.#server, stack);
  }

  async sharedPackages(key: string): Promise<SharedPackages | null> {
    return key === this.#packages?.key ? this.#packages.collect() : null;
  }

  restartsFor(path: string): boolean {
    if (this.#configFiles.has(path) || isLockFile(path)) return true;
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

  /** What a watcher would say; nothing for directories but that their files are gone. */
  #changesOf(path: string): { kind: ChangeKind; path: string; stats?: Stats }[] {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats?.isDirectory()) return [];
    const kind = this.#known.changeOf(path, stats);
    const below = stats ? [] : this.#known.below(path).flatMap((file) => this.#changesOf(file));
    return kind === null ? below : [{ kind, path, ...(stats && { stats }) }, ...below];
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
