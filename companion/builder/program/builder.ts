import type { BuildError } from '#shared/realtime/channels.ts';
import type { Build, BuilderEvent, BuilderOptions, BuiltPage } from '../protocol.ts';
import { toBuildError } from './errors/build-error.ts';
import { NeedsOwnServer } from './errors/needs-own-server.ts';
import { openPipeline } from './open-pipeline.ts';
import type { Pipeline } from './pipeline.ts';

/** Keeps one pipeline open for the frontend, and opens it again when what it was made from changes. */
export class Builder {
  readonly #options: BuilderOptions;
  readonly #emit: (event: BuilderEvent) => void;
  #pipeline: Pipeline | null = null;
  #build: Build | null = null;
  #failure: BuildError | null = null;
  #unfit: BuilderEvent[] = [];
  /** Work happens one after the other: Vite's module graph is not changed while it is read. */
  #queue: Promise<unknown> = Promise.resolve();
  #announcements = 0;
  /** Pages that were open before are told of to the first pipeline; with a later one they are loaded again. */
  #resumes: boolean;

  constructor(options: BuilderOptions, emit: (event: BuilderEvent) => void) {
    this.#options = options;
    this.#emit = emit;
    this.#resumes = options.resumes;
    void this.#enqueue(() => this.#open());
  }

  /** What a new listener has to know. */
  get state(): BuilderEvent[] {
    const error = this.#failure ?? this.#pipeline?.error ?? null;
    return [
      ...this.#unfit,
      ...(this.#build ? [{ type: 'build' as const, build: this.#build }] : []),
      ...(error ? [{ type: 'error' as const, error }] : []),
    ];
  }

  /** The project as it is open now, once the first try to open it is over; null when that failed. */
  async pipeline(): Promise<Pipeline | null> {
    if (this.#pipeline === null) await this.#queue;
    return this.#pipeline;
  }

  /** Null while the project cannot be opened; the error says why. */
  page(path: string): Promise<BuiltPage | null> {
    return this.#enqueue(async () => {
      const page = await this.#pipeline?.page?.(path);
      if (this.#build && page) Object.assign(this.#build.modules, page.modules);
      return page ?? null;
    });
  }

  changed(paths: string[]): void {
    void this.#enqueue(async () => {
      const before = this.#pipeline;
      const startsOver = !before || this.#failure || paths.some((path) => before.restartsFor(path));
      if (startsOver && (await this.#reopen())) return;
      await before?.changed(paths);
    });
  }

  async close(): Promise<void> {
    await this.#enqueue(async () => {
      await this.#pipeline?.close();
      this.#pipeline = null;
    });
  }

  async #reopen(): Promise<boolean> {
    const isOpen = await this.#open();
    if (isOpen) this.#emit({ type: 'reload', reason: 'The configuration changed.' });
    return isOpen;
  }

  /** Whether that worked. A pipeline that is open stays until its successor is. */
  async #open(): Promise<boolean> {
    let opened: Pipeline | null = null;
    const resumes = this.#resumes;
    this.#resumes = false;
    try {
      opened = await openPipeline({
        options: this.#options,
        resumes,
        emit: (event) => this.#forward(event),
        onPackagesChanged: () => void this.#announce('The packages in use changed.'),
        onRestart: () => void this.#enqueue(() => this.#reopen()),
      });
      await opened.prepare();
    } catch (error) {
      await opened?.close();
      this.#fail(error);
      return false;
    }
    await this.#pipeline?.close();
    this.#pipeline = opened;
    this.#failure = null;
    this.#unfit = [];
    void this.#announce(null);
    return true;
  }

  /** Tells the whole build, once its vendor bundle is there. A newer announcement takes an older one's place. */
  async #announce(reloadFor: string | null): Promise<void> {
    const pipeline = this.#pipeline;
    this.#announcements += 1;
    const number = this.#announcements;
    try {
      const build = await pipeline?.build();
      if (!build || number !== this.#announcements) return;
      this.#build = build;
      this.#emit({ type: 'build', build });
      this.#emit({ type: 'error', error: pipeline?.error ?? null });
      if (reloadFor !== null) this.#emit({ type: 'reload', reason: reloadFor });
    } catch (error) {
      if (number === this.#announcements) this.#fail(error);
    }
  }

  #forward(event: BuilderEvent): void {
    if (event.type === 'update' && this.#build) {
      Object.assign(this.#build.modules, event.modules, event.later);
    }
    this.#emit(event);
  }

  #fail(error: unknown): void {
    this.#unfit = error instanceof NeedsOwnServer ? [{ type: 'unfit', reason: error.message }] : [];
    for (const event of this.#unfit) this.#emit(event);
    this.#failure = toBuildError(error, this.#options.root);
    this.#emit({ type: 'error', error: this.#failure });
  }

  #enqueue<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work);
    this.#queue = result.catch((error: unknown) => this.#fail(error));
    return result;
  }
}
