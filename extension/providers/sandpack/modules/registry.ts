import { modulePath } from '#shared/frame/module-path.ts';
import { VENDOR_PREFIX } from '#shared/frame/page.ts';
import type { EvaluatedModule } from '../bundler.ts';
import { entered, type HotFlags } from './hot.ts';
import { namespaceOf } from './namespace.ts';
import { vendorNamespace } from './vendor.ts';
import { viteClient } from './vite-client.ts';

type Exports = Record<PropertyKey, unknown>;
type Require = (path: string) => Exports;

const VENDOR_URL = `/@id/${VENDOR_PREFIX.replace('\0', '__x00__')}`;

export interface ModuleFlags extends HotFlags {
  url: string;
  isAsync: boolean;
}

/** What a module evaluated by the bundler gets in place of ES module syntax. */
export interface ModuleScope {
  exports: Exports;
  meta: { url: string };
  import(url: string): Exports;
  dynamicImport(url: unknown): Promise<Exports>;
  exportAll(source: Exports): void;
  exportName(name: string, getter: () => unknown): void;
  /** Runs the body of a module that awaits at its top level. */
  run(body: () => Promise<void>): void;
}

/** Gives the bundler's modules the meaning they have in Vite: live bindings, import.meta, packages. */
export class ModuleRegistry {
  readonly #base: string;
  /** Modules that await at their top level, while they do. */
  readonly #running = new Map<string, Promise<void>>();
  #require: Require | undefined;

  constructor(base: string) {
    this.#base = base;
  }

  /** Puts the registry where the builder's modules look for it. */
  install(beforeStart: () => void): void {
    const api = {
      enter: this.enter.bind(this),
      start: (require: Require, scripts: string[]) => {
        this.#require = require;
        beforeStart();
        void this.#start(require, scripts);
      },
      outer: (url: string) => this.#outer(url),
      notBuilt: (url: string) => new Error(`${url} does not build.`),
    };
    Object.defineProperty(globalThis, '__vitrine__', { value: Object.freeze(api) });
  }

  enter(module: EvaluatedModule, require: Require, path: string, flags: ModuleFlags): ModuleScope {
    const { exports } = module;
    Object.defineProperty(exports, '__esModule', { value: true });
    Object.defineProperty(exports, Symbol.toStringTag, { value: 'Module' });
    entered(module, path, flags);
    const load = (url: string): Exports => {
      const local = this.#localUrl(url);
      if (local === '/@vite/client') return viteClient;
      if (local.startsWith(VENDOR_URL)) return vendorNamespace(local.slice(VENDOR_URL.length));
      const wanted = modulePath(local);
      return wanted === path ? exports : require(wanted);
    };
    return {
      exports,
      meta: { url: new URL(`${this.#base.slice(0, -1)}${flags.url}`, location.origin).href },
      import: load,
      dynamicImport: async (url) => {
        const loaded = load(String(url));
        await this.#running.get(modulePath(this.#localUrl(String(url))));
        return namespaceOf(loaded);
      },
      exportAll: (source) => exportAll(exports, source),
      exportName: (name, get) => {
        Object.defineProperty(exports, name, { enumerable: true, configurable: true, get });
      },
      run: (body) => {
        this.#running.set(
          path,
          body().finally(() => this.#running.delete(path)),
        );
      },
    };
  }

  /** Runs the scripts of a page in their order; one that fails does not keep the next from running. */
  async #start(require: Require, paths: string[]): Promise<void> {
    for (const path of paths) {
      try {
        require(path);
        // Only a script that awaits makes the next one wait.
        const running = this.#running.get(path);
        if (running) await running;
      } catch (error) {
        reportError(error);
      }
    }
  }

  /** What a package imports and Vite transforms: a style sheet, an image. */
  #outer(url: string): Exports {
    const path = modulePath(url);
    if (!this.#require) throw new Error(`${url} is asked for before the app started.`);
    return this.#require(path);
  }

  /** Path of a URL of this origin, without the app's base. */
  #localUrl(url: string): string {
    const local = url.startsWith(`${location.origin}/`) ? url.slice(location.origin.length) : url;
    return this.#base !== '/' && local.startsWith(this.#base) ? local.slice(this.#base.length - 1) : local;
  }
}

export function exportAll(exports: Exports, source: Exports): void {
  for (const key of Object.keys(source)) {
    if (key === 'default' || key in exports) continue;
    Object.defineProperty(exports, key, { enumerable: true, configurable: true, get: () => source[key] });
  }
}
