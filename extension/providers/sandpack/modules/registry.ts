import { VENDOR_GLOBAL, VENDOR_PREFIX } from '#shared/frame/page.ts';
import { modulePath } from '#shared/frame/module-path.ts';
import type { EvaluatedModule } from '../bundler.ts';
import { createHotContext, entered, type HotFlags } from './hot.ts';
import { injectQuery, removeStyle, updateStyle } from './styles.ts';

type Exports = Record<PropertyKey, unknown>;
type Require = (path: string) => Exports;
type Vendor = Record<string, (() => unknown) | undefined>;

const VENDOR_URL = `/@id/${VENDOR_PREFIX.replace('\0', '__x00__')}`;
const vendorNamespaces = new Map<string, Exports>();
/** Modules that await at their top level, while they do. */
const running = new Map<string, Promise<unknown>>();

/** Takes the place of Vite's own client in the page. */
const viteClient: Exports = { createHotContext, updateStyle, removeStyle, injectQuery, ErrorOverlay: class {} };

export interface ModuleFlags extends HotFlags {
  url: string;
  isAsync: boolean;
}

/** What a module evaluated by the bundler gets in place of ES module syntax. */
export interface ModuleScope {
  exports: Exports;
  meta: { url: string };
  import(url: string): Exports;
  dynamicImport(url: string): Promise<Exports>;
  exportAll(source: Exports): void;
  exportName(name: string, getter: () => unknown): void;
  run(body: () => Promise<void>): void;
}

export class ModuleRegistry {
  readonly #base: string;

  constructor(base: string) {
    this.#base = base;
  }

  enter(module: EvaluatedModule, require: Require, path: string, flags: ModuleFlags): ModuleScope {
    const { exports } = module;
    Object.defineProperty(exports, '__esModule', { value: true });
    Object.defineProperty(exports, Symbol.toStringTag, { value: 'Module' });
    entered(module, path, flags);
    const load = (url: string): Exports => {
      const clean = this.#localUrl(url);
      if (clean === '/@vite/client') return viteClient;
      if (clean.startsWith(VENDOR_URL)) return vendorNamespace(clean.slice(VENDOR_URL.length));
      const wanted = modulePath(clean);
      return wanted === path ? exports : require(wanted);
    };
    return {
      exports,
      meta: { url: new URL(flags.url, location.origin).href },
      import: load,
      async dynamicImport(url) {
        await Promise.resolve();
        const loaded = load(String(url));
        await running.get(modulePath(String(url)));
        return loaded;
      },
      exportAll: (source) => exportAll(exports, source),
      exportName: (name, get) => Object.defineProperty(exports, name, { enumerable: true, configurable: true, get }),
      run: (body) => {
        const promise = body().finally(() => running.delete(path));
        running.set(path, promise);
      },
    };
  }

  /** Runs the scripts of a page in their order; one that fails does not keep the next from running. */
  async start(require: Require, paths: string[]): Promise<void> {
    for (const path of paths) {
      try {
        require(path);
        await running.get(path);
      } catch (error) {
        reportError(error);
      }
    }
  }

  /** Path of a URL of this origin, without the app's base. */
  #localUrl(url: string): string {
    const local = url.startsWith(`${location.origin}/`) ? url.slice(location.origin.length) : url;
    return this.#base !== '/' && local.startsWith(this.#base) ? local.slice(this.#base.length - 1) : local;
  }
}

function exportAll(exports: Exports, source: Exports): void {
  for (const key of Object.keys(source)) {
    if (key === 'default' || key in exports) continue;
    Object.defineProperty(exports, key, { enumerable: true, configurable: true, get: () => source[key] });
  }
}

/** A package's exports as an ES module sees them: CommonJS ones get a default. */
function vendorNamespace(key: string): Exports {
  const known = vendorNamespaces.get(key);
  if (known) return known;
  const evaluate = (globalThis as typeof globalThis & { [VENDOR_GLOBAL]?: Vendor })[VENDOR_GLOBAL]?.[key];
  if (!evaluate) throw new Error(`The package module ${key} is not in the vendor bundle.`);
  const exports = evaluate() as Exports;
  const namespace = exports?.__esModule ? exports : fromCommonJs(exports);
  vendorNamespaces.set(key, namespace);
  return namespace;
}

function fromCommonJs(exports: Exports): Exports {
  const namespace: Exports = { default: exports };
  if (typeof exports === 'object' || typeof exports === 'function') exportAll(namespace, exports ?? {});
  return namespace;
}
