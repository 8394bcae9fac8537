import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ViteDevServer } from 'vite';
import { modulePath } from '#shared/frame/module-path.ts';
import type { FrameModules } from '#shared/frame/page.ts';
import { type PageScript, splitPage } from '../html/split-page.ts';
import { type ConvertedModule, toFrameModule } from '../modules/frame-module.ts';
import { cleanUrl, withoutBase } from '../modules/vite-url.ts';
import type { ModuleStore } from './module-store.ts';

/** Puts what the project defines in the page's global scope, as Vite's client does first of all. */
const VITE_ENV = '/@vite/env';
const NOT_HOT = { selfAccepting: false, acceptedUrls: [] };

export interface ViewOfPage {
  html: string;
  /** Path of the module that runs the page's scripts. */
  entry: string;
  modules: FrameModules;
}

/** Makes the app's pages as Vite would serve them, with their scripts in one module for the bundler. */
export class PageBuilder {
  readonly #server: ViteDevServer;
  readonly #store: ModuleStore;

  constructor(server: ViteDevServer, store: ModuleStore) {
    this.#server = server;
    this.#store = store;
  }

  /** The page of a path: its own HTML file, or the root's (history fallback). */
  async build(path: string): Promise<ViewOfPage> {
    const { root } = this.#server.config;
    const file = this.#fileOf(path);
    const source = readFileSync(join(root, file), 'utf8');
    const { html, scripts } = splitPage(await this.#server.transformIndexHtml(file, source, path), (src) =>
      this.#isPublic(src, file),
    );
    const urls = [VITE_ENV];
    for (const [index, script] of scripts.entries()) {
      const url = await this.#urlOf(script, file, index);
      if (url !== '/@vite/client') urls.push(url);
    }
    const { hot, later } = await this.#store.refresh(urls.filter((url) => !this.#store.isOwn(url)));
    const modules = { ...hot, ...later };
    for (const url of urls) if (this.#store.isOwn(url)) Object.assign(modules, this.#store.own(url));
    return { html, ...this.#entry(file, urls, modules) };
  }

  #entry(file: string, urls: string[], modules: FrameModules): { entry: string; modules: FrameModules } {
    const entry = `/__vitrine/entry${modulePath(file)}`;
    const requires = urls.map(modulePath);
    const code = `"use strict";__vitrine__.start(require,${JSON.stringify(requires)});`;
    this.#store.addOwn(entry, { code, requires, urls });
    return { entry, modules: { ...modules, ...this.#store.own(entry) } };
  }

  async #urlOf(script: PageScript, file: string, index: number): Promise<string> {
    const { base } = this.#server.config;
    if ('src' in script) {
      const { pathname, search } = new URL(script.src, `http://page${file}`);
      return cleanUrl(withoutBase(`${pathname}${search}`, base));
    }
    const url = `/__vitrine/inline${file}-${index}.js`;
    const module: ConvertedModule = await toFrameModule(this.#server, url, script.inline, NOT_HOT);
    this.#store.addOwn(url, module);
    await this.#store.refresh(module.urls);
    return url;
  }

  /** Files of the public directory are no modules to Vite. */
  #isPublic(src: string, file: string): boolean {
    const { base, publicDir } = this.#server.config;
    const { pathname } = new URL(src, `http://page${file}`);
    return publicDir !== '' && existsSync(join(publicDir, withoutBase(decodeURIComponent(pathname), base)));
  }

  #fileOf(path: string): string {
    const { root, base } = this.#server.config;
    const asked = withoutBase(decodeURIComponent(path.split(/[?#]/, 1)[0] ?? '/'), base);
    for (const candidate of [asked, `${asked.replace(/\/$/, '')}/index.html`, `${asked}.html`]) {
      const isSafe = candidate.endsWith('.html') && !candidate.split('/').includes('..');
      if (isSafe && existsSync(join(root, candidate))) return candidate;
    }
    if (existsSync(join(root, 'index.html'))) return '/index.html';
    throw new Error(`There is no index.html in ${root}: Vite has no page to serve.`);
  }
}
