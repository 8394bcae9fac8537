import { randomUUID } from 'node:crypto';
import type { CompanionToFrame, FrameToCompanion } from '#shared/frame/live.ts';
import type { FrameBuild, FrameModule, FrameModules } from '#shared/frame/page.ts';
import type { BuildError } from '#shared/realtime/channels.ts';
import type { Build, BuilderEvent } from '../protocol.ts';

type Hello = Extract<FrameToCompanion, { type: 'hello' }>;

interface Revised {
  module: FrameModule;
  /** Revision it came with. */
  revision: number;
}

/** What pages of an environment run, as of the newest event of its builder; kept over the builder's restarts. */
export class FrameStore {
  /** Revisions of another store do not compare. */
  readonly session = randomUUID();
  readonly #modules = new Map<string, Revised>();
  #revision = 0;
  #build: Build | null = null;
  #error: BuildError | null = null;
  #waiting: (() => void)[] = [];

  get build(): Build | null {
    return this.#build;
  }

  /** Nothing was told of this frontend yet. */
  get isWaiting(): boolean {
    return this.#build === null && this.#error === null;
  }

  get error(): BuildError | null {
    return this.#error;
  }

  get revision(): number {
    return this.#revision;
  }

  /** Takes an event, answers what pages have to be told. */
  apply(event: BuilderEvent): CompanionToFrame[] {
    switch (event.type) {
      case 'build':
        return this.#applyBuild(event.build);
      case 'update':
        if (this.#build === null) return [];
        this.#merge(event.later);
        return this.#applyUpdate(event.modules, event.pruned);
      case 'reload':
        return [{ type: 'reload', reason: event.reason }];
      case 'custom':
        return [{ type: 'custom', event: event.event, data: event.data ?? null }];
      case 'error': {
        this.#error = event.error;
        this.#wake();
        return [{ type: 'error', error: event.error }];
      }
      case 'packages':
      case 'unfit':
      case 'log':
        return [];
    }
  }

  /** Takes modules a page brought with it; no page that runs has them. */
  addQuietly(modules: FrameModules): void {
    this.#merge(modules);
  }

  /** Resolves when there is something to run, or an error to show instead. */
  async ready(signal: AbortSignal): Promise<void> {
    while (this.isWaiting) {
      signal.throwIfAborted();
      await new Promise<void>((resolve, reject) => {
        this.#waiting.push(resolve);
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      });
    }
  }

  /** The whole, for a page that starts. */
  snapshot(): FrameBuild | null {
    if (this.#build === null) return null;
    const { vendor, template } = this.#build;
    return {
      session: this.session,
      revision: this.#revision,
      vendor,
      template,
      modules: this.#modulesSince(-1),
    };
  }

  /** What a page missed that runs this revision of this session; of another session it gets everything. */
  catchUp({ session, revision, vendor }: Omit<Hello, 'type' | 'frameId'>): CompanionToFrame[] {
    if (this.#build === null) return this.#error === null ? [] : [{ type: 'error', error: this.#error }];
    const { vendor: current } = this.#build;
    if (session === '') {
      return [
        this.#error === null ? { type: 'ready', vendor: current } : { type: 'error', error: this.#error },
      ];
    }
    if (vendor !== current) return [{ type: 'reload', reason: 'The packages in use changed.' }];
    const modules = this.#modulesSince(session === this.session ? revision : -1);
    const missed: CompanionToFrame[] = [];
    if (Object.keys(modules).length > 0) missed.push(this.#update(modules, []));
    missed.push({ type: 'error', error: this.#error });
    return missed;
  }

  #applyBuild(build: Build): CompanionToFrame[] {
    const before = this.#build;
    this.#build = build;
    const changed = this.#merge(build.modules);
    for (const path of this.#modules.keys()) if (!(path in build.modules)) this.#modules.delete(path);
    this.#wake();
    if (before === null)
      return [{ type: 'ready', vendor: build.vendor }, this.#update(this.#modulesSince(-1), [])];
    if (before.vendor !== build.vendor || before.mode !== build.mode) {
      return [{ type: 'reload', reason: 'The packages in use changed.' }];
    }
    return Object.keys(changed).length > 0 ? [this.#update(changed, [])] : [];
  }

  #applyUpdate(modules: FrameModules, pruned: string[]): CompanionToFrame[] {
    const changed = this.#merge(modules);
    if (Object.keys(changed).length === 0 && pruned.length === 0) return [];
    return [this.#update(changed, pruned)];
  }

  #update(modules: FrameModules, pruned: string[]): CompanionToFrame {
    return { type: 'update', session: this.session, revision: this.#revision, modules, pruned };
  }

  /** Keeps what differs, under a new revision. */
  #merge(modules: FrameModules): FrameModules {
    const changed = Object.entries(modules).filter(
      ([path, module]) => this.#modules.get(path)?.module.code !== module.code,
    );
    if (changed.length === 0) return {};
    this.#revision += 1;
    for (const [path, module] of changed) this.#modules.set(path, { module, revision: this.#revision });
    return Object.fromEntries(changed);
  }

  #modulesSince(revision: number): FrameModules {
    const newer = [...this.#modules].filter(([, revised]) => revised.revision > revision);
    return Object.fromEntries(newer.map(([path, { module }]) => [path, module]));
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
