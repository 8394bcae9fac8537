import { type Stats, statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import type { HotPayload, ViteDevServer } from 'vite';
import { modulePath } from '#shared/frame/module-path.ts';
import type { BuildError } from '#shared/realtime/channels.ts';
import type { Build, BuiltPage } from '../../protocol.ts';
import { toBuildError } from '../errors/build-error.ts';
import { dependencyStamp, isLockFile } from '../lock-file.ts';
import type { Pipeline, PipelineContext } from '../pipeline.ts';
import { VendorEntries } from '../vendor/entries.ts';
import { VendorStore } from '../vendor/vendor-store.ts';
import { createViteServer } from './create-server.ts';
import { type FoundVite, importVite } from './find-vite.ts';
import { HotChanges } from './hot-changes.ts';
import { loadConfig } from './load-config.ts';
import { createLogger } from './logger.ts';
import { ModuleStore } from './module-store.ts';
import { PageBuilder } from './page-builder.ts';
import { vendorOptions } from './vendor-options.ts';

/** Opens the worktree's own Vite. Rejects with what is wrong with its configuration. */
export async function openVite(found: FoundVite, context: PipelineContext): Promise<Pipeline> {
  const { root, worktree, cacheDirectory, vendorDirectory } = context.options;
  const [vite, { config, files }] = await Promise.all([importVite(found), loadConfig(root, cacheDirectory)]);
  const entries = new VendorEntries(root);
  let pipeline: VitePipeline | undefined;
  const server = await createViteServer(vite, {
    directory: root,
    cacheDirectory,
    config,
    entries,
    logger: createLogger((level, text) => context.emit({ type: 'log', level, text })),
    onPayload: (payload) => pipeline?.onPayload(payload),
    onHooked: (concernsModules) => pipeline?.onHooked(concernsModules),
  });
  const vendor = new VendorStore({
    entries,
    directory: vendorDirectory,
    options: vendorOptions(server.config),
    stamp: dependencyStamp(root, worktree),
  });
  pipeline = new VitePipeline({ context, server, vendor, configFiles: files });
  return pipeline;
}

interface Parts {
  context: PipelineContext;
  server: ViteDevServer;
  vendor: VendorStore;
  configFiles: string[];
}

class VitePipeline implements Pipeline {
  readonly #context: PipelineContext;
  readonly #server: ViteDevServer;
  readonly #vendor: VendorStore;
  readonly #configFiles: Set<string>;
  readonly #store: ModuleStore;
  readonly #pages: PageBuilder;
  readonly #changes = new HotChanges();
  /** Key that was announced last. */
  #announced = '';
  #outer: string[] = [];
  #hookError: BuildError | null = null;

  constructor({ context, server, vendor, configFiles }: Parts) {
    this.#context = context;
    this.#server = server;
    this.#vendor = vendor;
    this.#configFiles = new Set(configFiles);
    this.#store = new ModuleStore(server);
    this.#pages = new PageBuilder(server, this.#store);
  }

  get error(): BuildError | null {
    return this.#hookError ?? this.#store.error;
  }

  async prepare(): Promise<void> {
    await this.#pages.build('/');
  }

  async page(path: string): Promise<BuiltPage> {
    const { html, entry, modules } = await this.#pages.build(path);
    return { mode: 'vite', html, entry, modules, base: this.#server.config.base, vendor: this.#vendor.key };
  }

  async build(): Promise<Build> {
    const outer = await this.#vendor.outer();
    this.#outer = outer;
    await this.#store.refresh(outer);
    const { config } = this.#server;
    this.#announced = this.#vendor.key;
    return {
      mode: 'vite',
      modules: this.#store.all(),
      vendor: this.#announced,
      outer,
      packages: {},
      base: config.base,
      publicDirectory: config.publicDir === '' ? null : config.publicDir,
      assetDirectories: [config.root, ...config.server.fs.allow],
      template: 'parcel',
    };
  }

  vendor(key: string): Promise<string | null> {
    return this.#vendor.text(key);
  }

  sourceMap(path: string): Promise<string | null> {
    return this.#store.sourceMap(path);
  }

  restartsFor(path: string): boolean {
    if (this.#configFiles.has(path) || isLockFile(path)) return true;
    const envDirectory = this.#server.config.envDir || this.#server.config.root;
    const isNewConfig =
      /^vite\.config\.[cm]?[jt]s$/.test(basename(path)) && dirname(path) === this.#context.options.root;
    return (
      isNewConfig ||
      (/^\.env(?:\.|$)/.test(basename(path)) && dirname(path) === resolve(String(envDirectory)))
    );
  }

  async changed(paths: string[]): Promise<void> {
    this.#hookError = null;
    const changes = paths.map((path) => this.#changeOf(path)).filter((change) => change !== null);
    const settled = this.#changes.expect(
      changes.length,
      changes.some(({ kind }) => kind !== 'change'),
    );
    for (const { kind, path, stats } of changes) this.#server.watcher.emit(kind, path, stats);
    await settled;
    await this.#refresh();
  }

  /** What a watcher would say; null for directories. */
  #changeOf(path: string): { kind: 'add' | 'change' | 'unlink'; path: string; stats?: Stats } | null {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return { kind: 'unlink', path };
    if (stats.isDirectory()) return null;
    return { kind: this.#isKnown(path) ? 'change' : 'add', path, stats };
  }

  onPayload(payload: HotPayload): void {
    if (payload.type === 'custom')
      return this.#context.emit({ type: 'custom', event: payload.event, data: payload.data });
    if (payload.type === 'error') this.#hookError = toBuildError(payload.err, this.#server.config.root);
    this.#changes.payload(payload);
  }

  onHooked(concernsModules: boolean): void {
    this.#changes.hooked(concernsModules);
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  /** Vite has looked at the change: transforms what it threw away, and tells what came of it. */
  async #refresh(): Promise<void> {
    const before = this.#store.error;
    const { reload, pruned, accepted } = this.#changes.take();
    const { hot, later } = await this.#store.refresh(this.#store.stale(), accepted);
    this.#store.sweep(this.#outer);
    if (this.#vendor.key !== this.#announced) return this.#context.onPackagesChanged();
    const prunedPaths = pruned.map(modulePath);
    if (Object.keys({ ...hot, ...later }).length > 0 || prunedPaths.length > 0) {
      this.#context.emit({ type: 'update', modules: hot, later, pruned: prunedPaths });
    }
    if (this.error !== null || before !== null) this.#context.emit({ type: 'error', error: this.error });
    if (reload) this.#context.emit({ type: 'reload', reason: 'The change cannot be applied in place.' });
  }

  #isKnown(path: string): boolean {
    const graph = this.#server.environments?.client?.moduleGraph ?? this.#server.moduleGraph;
    return graph.getModulesByFile(path) !== undefined || path.endsWith('.html');
  }
}
