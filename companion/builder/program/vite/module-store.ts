import type { EnvironmentModuleNode, ModuleNode, TransformResult, ViteDevServer } from 'vite';
import { modulePath } from '#shared/frame/module-path.ts';
import type { FrameModule, FrameModules } from '#shared/frame/page.ts';
import type { BuildError } from '#shared/realtime/channels.ts';
import { toBuildError } from '../errors/build-error.ts';
import { type ConvertedModule, type HotFlags, toFrameModule } from '../modules/frame-module.ts';
import { nodeUrl } from '../modules/vite-url.ts';

/** Modules that came out otherwise than before. */
export interface Refreshed {
  hot: FrameModules;
  later: FrameModules;
}

interface Change {
  module: FrameModule;
  /** No page has it, or none that works. */
  isNew: boolean;
}

interface Entry {
  /** Vite's code this module was converted from; the same string means nothing to do. */
  source: string;
  map: TransformResult['map'];
  module: ConvertedModule;
}

/** The modules of the app as the bundler gets them, kept equal to what Vite makes of the files. */
export class ModuleStore {
  readonly #server: ViteDevServer;
  readonly #entries = new Map<string, Entry>();
  /** Name in Vite's module graph → URL. */
  readonly #urls = new Map<string, string>();
  readonly #failed = new Map<string, BuildError>();
  readonly #own = new Map<string, ConvertedModule>();

  constructor(server: ViteDevServer) {
    this.#server = server;
  }

  /** First error of the modules that do not build just now. */
  get error(): BuildError | null {
    return this.#failed.values().next().value ?? null;
  }

  all(): FrameModules {
    const modules: FrameModules = {};
    for (const [url, { module }] of this.#entries) modules[modulePath(url)] = strip(module);
    for (const [url, module] of this.#own) modules[modulePath(url)] = strip(module);
    return modules;
  }

  /** A module that Vite does not know: a page's entry or one of its inline scripts. */
  addOwn(url: string, module: ConvertedModule): void {
    this.#own.set(url, module);
  }

  isOwn(url: string): boolean {
    return this.#own.has(url);
  }

  own(url: string): FrameModules {
    const module = this.#own.get(url);
    return module ? { [modulePath(url)]: strip(module) } : {};
  }

  /** Made when asked for: only developer tools ask. */
  async sourceMap(path: string): Promise<string | null> {
    for (const [url, { source, map }] of this.#entries) {
      if (modulePath(url) !== path || map === null) continue;
      const converted = await this.#server.ssrTransform(source, map, url);
      return converted?.map ? JSON.stringify(converted.map) : null;
    }
    return null;
  }

  /**
   * Transforms these and all they reach that is not known yet; answers what is new or changed, for pages to take
   * (`hot`) and for pages to come (`later`). `accepted` names what Vite tells pages to take anew.
   */
  async refresh(urls: Iterable<string>, accepted: string[] = []): Promise<Refreshed> {
    const changes = new Map<string, Change>();
    const seen = new Set<string>();
    const visit = async (url: string): Promise<void> => {
      if (seen.has(url)) return;
      seen.add(url);
      const module = await this.#transform(url, changes);
      if (module === null) return;
      await Promise.all(module.urls.filter((next) => !this.#entries.has(next)).map(visit));
    };
    await Promise.all([...urls].map(visit));
    const taken = this.#takenAnew(accepted, seen);
    const refreshed: Refreshed = { hot: {}, later: {} };
    for (const [url, { module, isNew }] of changes) {
      refreshed[isNew || taken.has(url) ? 'hot' : 'later'][modulePath(url)] = module;
    }
    return refreshed;
  }

  /** A page that imports a module anew imports with it what that module imports, as far as it was touched. */
  #takenAnew(accepted: string[], touched: Set<string>): Set<string> {
    const taken = new Set(accepted.map((name) => this.#urls.get(name) ?? name));
    for (const url of taken) {
      for (const next of this.#entries.get(url)?.module.urls ?? []) if (touched.has(next)) taken.add(next);
    }
    return taken;
  }

  /** Forgets the modules that no page reaches any more, and their errors. Call after {@link refresh}. */
  sweep(alsoWanted: Iterable<string>): void {
    const reached = new Set<string>(alsoWanted);
    for (const { urls } of this.#own.values()) for (const url of urls) reached.add(url);
    // A set takes what is added to it while it is gone through.
    for (const url of reached)
      for (const next of this.#entries.get(url)?.module.urls ?? []) reached.add(next);
    for (const url of this.#failed.keys()) if (!reached.has(url)) this.#failed.delete(url);
    for (const url of this.#entries.keys()) {
      if (reached.has(url)) continue;
      this.#entries.delete(url);
      this.#urls.delete(nodeUrl(url));
    }
  }

  /** URLs of known modules whose transformed code Vite has thrown away, and of those that failed. */
  stale(): string[] {
    const stale = new Set(this.#failed.keys());
    for (const node of this.#graph.idToModuleMap.values()) {
      const url = this.#urls.get(node.url);
      if (url !== undefined && node.transformResult === null) stale.add(url);
    }
    return [...stale];
  }

  async #transform(url: string, changes: Map<string, Change>): Promise<ConvertedModule | null> {
    try {
      const result = await this.#server.transformRequest(nodeUrl(url));
      if (result === null) throw new Error(`Vite has no module at ${url}.`);
      const hasFailed = this.#failed.delete(url);
      const known = this.#entries.get(url);
      if (known?.source === result.code) return known.module;
      const node = await this.#graph.getModuleByUrl(nodeUrl(url));
      const module = await toFrameModule(this.#server, url, result.code, hotFlags(node));
      this.#entries.set(url, { source: result.code, map: result.map, module });
      this.#urls.set(nodeUrl(url), url);
      if (known?.module.code !== module.code) {
        changes.set(url, { module: strip(module), isNew: known === undefined || hasFailed });
      }
      return module;
    } catch (thrown) {
      this.#failed.set(url, toBuildError(thrown, this.#server.config.root));
      if (!this.#entries.has(url)) changes.set(url, { module: failing(url), isNew: true });
      return null;
    }
  }

  get #graph() {
    return this.#server.environments?.client?.moduleGraph ?? this.#server.moduleGraph;
  }
}

function hotFlags(node: EnvironmentModuleNode | ModuleNode | undefined): HotFlags {
  return {
    selfAccepting: node?.isSelfAccepting === true || Boolean(node?.acceptedHmrExports),
    acceptedUrls: [...(node?.acceptedHmrDeps ?? [])].map(({ url }) => url),
  };
}

function strip({ code, requires }: ConvertedModule) {
  return { code, requires };
}

/** Stands in for a module that has never built; the overlay tells why. */
function failing(url: string) {
  return { code: `throw __vitrine__.notBuilt(${JSON.stringify(url)});`, requires: [] };
}
