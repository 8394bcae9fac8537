import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HotPayload, ViteDevServer } from 'vite';
import { modulePath } from '#shared/frame/module-path.ts';
import type { Build, BuilderEvent, BuilderOptions, BuiltPage } from '../../protocol.ts';
import { splitPage } from '../html/split-page.ts';
import { toFrameModule } from '../modules/frame-module.ts';
import { cleanUrl, withoutBase } from '../modules/vite-url.ts';
import { bundleVendor, vendorKey } from '../vendor/bundle.ts';
import { VendorEntries } from '../vendor/entries.ts';
import { createViteServer } from './create-server.ts';
import { type FoundVite, importVite } from './find-vite.ts';
import { ModuleStore } from './module-store.ts';

/** Builds the frontend with the worktree's own Vite. */
export class ViteBuilder {
  readonly #options: BuilderOptions;
  readonly #emit: (event: BuilderEvent) => void;
  readonly #server: ViteDevServer;
  readonly #entries: VendorEntries;
  readonly #store: ModuleStore;
  readonly #seen = new Set<string>();
  #vendor = '';
  #refreshing: Promise<void> | null = null;

  private constructor(options: BuilderOptions, emit: (event: BuilderEvent) => void, server: ViteDevServer, entries: VendorEntries) {
    this.#options = options;
    this.#emit = emit;
    this.#server = server;
    this.#entries = entries;
    this.#store = new ModuleStore(server);
  }

  static async create(found: FoundVite, options: BuilderOptions, emit: (event: BuilderEvent) => void): Promise<ViteBuilder> {
    const vite = await importVite(found);
    const entries = new VendorEntries(options.root);
    let builder: ViteBuilder | undefined;
    const server = await createViteServer(vite, {
      root: options.root,
      cacheDirectory: options.cacheDirectory,
      entries,
      logger: vite.createLogger('warn'),
      onPayload: (payload) => builder?.onPayload(payload),
      onHandled: () => builder?.scheduleRefresh(),
    });
    builder = new ViteBuilder(options, emit, server, entries);
    return builder;
  }

  /** The HTML for a path: the page itself, or the root page (history fallback). */
  async page(path: string): Promise<BuiltPage> {
    const file = this.#pageFile(path);
    const html = await this.#server.transformIndexHtml(file, await readFile(join(this.#options.root, file), 'utf8'));
    const split = splitPage(html);
    const entry = `/__vitrine/entry${file}.js`;
    const urls: string[] = [];
    for (const [index, script] of split.scripts.entries()) {
      if ('src' in script) urls.push(cleanUrl(withoutBase(new URL(script.src, `http://page${file}`).pathname + new URL(script.src, `http://page${file}`).search, this.#server.config.base)));
      else {
        const url = `/__vitrine/inline${file}-${index}.js`;
        const inline = await toFrameModule(this.#server, url, { code: script.inline, map: null } as never, { selfAccepting: false, acceptedUrls: [] });
        this.#store.addExtra(modulePath(url), inline);
        urls.push(...inline.urls.filter(() => false), url);
        await this.#store.refresh(inline.urls);
      }
    }
    const own = urls.filter((url) => url !== '/@vite/client');
    await this.#store.refresh(own.filter((url) => !url.startsWith('/__vitrine/')));
    const requires = own.map(modulePath);
    this.#store.addExtra(entry, {
      code: `"use strict";__vitrine__.start(module,require,${JSON.stringify(requires)});`,
      requires,
      urls: own,
    });
    return { html: split.html, entry };
  }

  async build(): Promise<Build> {
    await this.page('/');
    this.#vendor = vendorKey(this.#vendorSpec());
    const { config } = this.#server;
    return {
      mode: 'vite',
      modules: this.#store.all(),
      vendor: this.#vendor,
      base: config.base,
      publicDirectory: config.publicDir || null,
      assetDirectories: [config.root],
      template: 'parcel',
    };
  }

  vendor(): Promise<string> {
    return bundleVendor(this.#vendorSpec());
  }

  #vendorSpec() {
    return { root: this.#options.root, entries: this.#entries.list(), stamp: '' };
  }

  changed(paths: string[]): void {
    const { watcher } = this.#server;
    for (const path of paths) {
      if (!existsSync(path)) watcher.emit('unlink', path);
      else if (this.#isKnown(path)) watcher.emit('change', path, statSync(path));
      else watcher.emit('add', path, statSync(path));
    }
    this.scheduleRefresh();
  }

  #isKnown(path: string): boolean {
    const graph = this.#server.environments?.client?.moduleGraph ?? this.#server.moduleGraph;
    if (graph.getModulesByFile(path) !== undefined || this.#seen.has(path)) return true;
    this.#seen.add(path);
    return path.endsWith('.html');
  }

  onPayload(payload: HotPayload): void {
    if (payload.type === 'full-reload') void this.#refresh().then(() => this.#emit({ type: 'reload', reason: payload.path ?? '' }));
    else if (payload.type === 'custom') this.#emit({ type: 'custom', event: payload.event, data: payload.data });
    else if (payload.type === 'prune') this.#emit({ type: 'update', modules: {}, pruned: payload.paths.map(modulePath) });
    else if (payload.type === 'update') this.scheduleRefresh();
  }

  scheduleRefresh(): void {
    this.#refreshing ??= new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      this.#refreshing = null;
      return this.#refresh();
    });
  }

  async #refresh(): Promise<void> {
    const before = this.#store.error;
    const modules = await this.#store.refresh(this.#store.stale());
    const vendor = vendorKey(this.#vendorSpec());
    if (vendor !== this.#vendor) this.#emit({ type: 'build', build: await this.build() });
    else if (Object.keys(modules).length > 0) this.#emit({ type: 'update', modules, pruned: [] });
    const { error } = this.#store;
    if (error !== null || before !== null) this.#emit({ type: 'error', error });
  }

  get error() {
    return this.#store.error;
  }

  #pageFile(path: string): string {
    const clean = path.split('?')[0] ?? '/';
    for (const candidate of [clean, `${clean.replace(/\/$/, '')}/index.html`, `${clean}.html`]) {
      if (candidate.endsWith('.html') && existsSync(join(this.#options.root, candidate))) return candidate;
    }
    return '/index.html';
  }

  close(): Promise<void> {
    return this.#server.close();
  }
}
