import type { CompanionToFrame } from '#shared/frame/live.ts';
import type { FrameBuild } from '#shared/frame/page.ts';
import type { Manager } from '../bundler.ts';
import { notify, prune } from '../modules/hot.ts';
import type { BundlerDriver } from './bundler-driver.ts';

type Update = Extract<CompanionToFrame, { type: 'update' }>;

/** What a page runs, kept up to date. */
export class Updates {
  session: string;
  revision: number;
  readonly #driver: BundlerDriver;
  readonly #manager: () => Manager | undefined;

  constructor(build: FrameBuild, driver: BundlerDriver, manager: () => Manager | undefined) {
    this.session = build.session;
    this.revision = build.revision;
    this.#driver = driver;
    this.#manager = manager;
  }

  /** Resolves when the page runs the update. */
  async apply({ session, revision, modules, pruned }: Update): Promise<void> {
    this.session = session;
    this.revision = revision;
    const updates = Object.keys(modules).map((path) => ({ type: 'js-update', path, acceptedPath: path }));
    notify('vite:beforeUpdate', { type: 'update', updates });
    for (const path of pruned) this.#forget(path);
    if (updates.length > 0) await this.#driver.compile(modules);
    notify('vite:afterUpdate', { type: 'update', updates });
  }

  /** Nothing imports it any more; if something does again, it is evaluated anew. */
  #forget(path: string): void {
    notify('vite:beforePrune', { type: 'prune', paths: [path] });
    prune(path);
    const transpiled = this.#manager()?.transpiledModules[path]?.tModules[''];
    if (!transpiled) return;
    transpiled.compilation = null;
    transpiled.hmrConfig = null;
  }
}
