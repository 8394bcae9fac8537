import type { CompanionToFrame } from '#shared/frame/live.ts';
import type { FrameBuild } from '#shared/frame/page.ts';
import type { BundlerDriver } from './bundler-driver.ts';

type Update = Extract<CompanionToFrame, { type: 'update' }>;

/** What a page's bundler runs, kept up to date. */
export class Updates {
  session: string;
  revision: number;
  readonly #driver: BundlerDriver;

  constructor(build: FrameBuild, driver: BundlerDriver) {
    this.session = build.session;
    this.revision = build.revision;
    this.#driver = driver;
  }

  /** Resolves when the page runs the update. */
  async apply({ session, revision, modules }: Update): Promise<void> {
    this.session = session;
    this.revision = revision;
    if (Object.keys(modules).length > 0) await this.#driver.compile(modules);
  }
}
