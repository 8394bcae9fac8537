import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import type { Evaluation } from '#shared/api/evaluate.ts';
import type { VitrineError } from '#shared/errors.ts';
import type { CompanionToFrame, FrameToCompanion } from '#shared/frame/live.ts';
import { LIVE_PATH } from '#shared/frame/page.ts';
import { type ConsoleEntry, MAX_ENTRY_LENGTH } from '#shared/realtime/console-entry.ts';
import type { Frontend, FrontendContext } from '../frontend.ts';
import type { BuilderEvent } from '../protocol.ts';
import { AppProxy } from './app-proxy.ts';
import type { BuilderClient } from './builder-client.ts';
import { BuilderService } from './builder-service.ts';
import { ChangeLog } from './change-log.ts';
import { FrameStore } from './frame-store.ts';
import { HotLinks } from './hot-links.ts';
import { LiveServer, type Told } from './live-server.ts';
import { PageMemory } from './page-memory.ts';
import { RateLimit } from './rate-limit.ts';
import { RequestHandler } from './request-handler.ts';
import { UpdateTimes } from './update-times.ts';
import type { VendorCache } from './vendor-cache.ts';

const MISSED = 'The page missed too much.';

type Hello = Extract<FrameToCompanion, { type: 'hello' }>;

/** A builder is ended when nobody saw its pages or asked for anything this long, ms. */
const IDLE_MS = 60_000;
/** Longest wait for the sources of one stack, ms. */
const STACK_DEADLINE_MS = 1_000;
/** Console lines taken from the pages of one environment; a flood is cut. */
const MAX_LINES_PER_SECOND = 500;

/** An attempt's frontend: its builder, its pages' sockets, and what is between them. */
export class SandpackFrontend implements Frontend {
  readonly #context: FrontendContext;
  readonly #closing = new AbortController();
  readonly #store = new FrameStore();
  readonly #builder: BuilderService;
  readonly #vendor: VendorCache;
  readonly #memory: PageMemory;
  readonly #hot: HotLinks;
  readonly #live: LiveServer;
  readonly #requests: RequestHandler;
  readonly #times = new UpdateTimes();
  readonly #lines = new RateLimit(MAX_LINES_PER_SECOND);
  /** Pages that a person can see. */
  readonly #visible = new Set<string>();
  #idleTimer: NodeJS.Timeout | undefined;
  /** Console lines are told in their order, though the stacks of some have to be looked up. */
  #told: Promise<void> = Promise.resolve();
  /** What pages that were away have to catch up on. */
  readonly #changes = new ChangeLog();
  /** Since when Vite cannot reach the pages, ms; null while it can. */
  #unreachableSince: number | null = 0;
  #flooded = false;
  #hasError = false;

  constructor(context: FrontendContext, vendor: VendorCache) {
    this.#context = context;
    const { pod, root, worktree, cacheDirectory, appEnv } = context;
    this.#memory = new PageMemory(join(cacheDirectory, 'pages.json'));
    this.#builder = new BuilderService({
      pod,
      options: { root, worktree, cacheDirectory, vendorDirectory: vendor.directory, appEnv },
      env: context.inheritedEnv,
      resumes: () => this.#memory.modules.length > 0,
      onReady: (client, signal) => this.#onBuilderReady(client, signal),
      onEvent: (event) => this.#onEvent(event),
      onLine: (text, stream) => this.#say(stream === 'stderr' ? 'error' : 'info', text),
      onEnded: (error, final) => this.#onBuilderEnded(error, final),
    });
    this.#hot = new HotLinks({
      connect: () => this.#builder.current?.hot(this.#store.build?.base ?? '/') ?? null,
      hotReload: context.hotReload,
      changedSince: (time) => (context.hotReload ? this.#changes.since(time) : []),
      repeat: (paths) => void this.#builder.changed(paths),
      onUpdate: (timestamp) => this.#times.sent(timestamp),
    });
    this.#live = new LiveServer({
      onHello: (hello, send) => this.#onHello(hello, send),
      onMessage: (message, frameId) => this.#onMessage(message, frameId),
      onGone: (frameId) => {
        this.#visible.delete(frameId);
        this.#hot.detach(frameId);
      },
      onPages: () => this.#watched(),
    });
    this.#requests = new RequestHandler({
      worktree,
      store: this.#store,
      builder: this.#builder,
      vendor,
      app: new AppProxy(this.#memory),
      session: this.#memory.session,
      signal: this.#closing.signal,
      onPageServed: () => context.onStep('paint', 'active'),
    });
    this.#vendor = vendor;
  }

  async start(signal: AbortSignal): Promise<void> {
    await this.#builder.start(signal);
    this.#watched();
  }

  get pages(): number {
    return this.#live.pages;
  }

  handle(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    this.#watched();
    return this.#requests.handle(request, response);
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    if ((request.url ?? '').split('?', 1)[0] !== LIVE_PATH) return false;
    this.#live.upgrade(request, socket, head);
    return true;
  }

  filesChanged(paths: string[]): void {
    if (this.#closing.signal.aborted || paths.length === 0) return;
    this.#times.changed();
    this.#changes.add(paths);
    void this.#builder.changed(paths);
  }

  evaluate(frameId: string, source: string, signal: AbortSignal): Promise<Evaluation> {
    return this.#live.evaluate(frameId, source, signal);
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error('The preview ended.'));
    clearTimeout(this.#idleTimer);
    this.#hot.close();
    this.#live.close();
    await this.#builder.close();
    await this.#memory.close();
  }

  /** A new process gets to know what pages run before it answers them. */
  async #onBuilderReady(client: BuilderClient, signal: AbortSignal): Promise<void> {
    this.#unreachableSince ??= Date.now();
    const { modules } = this.#memory;
    if (modules.length === 0) return;
    const { isOutdated, changed } = await client.resume(modules, signal);
    if (!isOutdated) return this.#changes.add(changed);
    this.#changes.forget();
    this.#unreachableSince = null;
    this.#live.broadcast([{ type: 'reload', reason: 'The packages in use changed.' }]);
  }

  /** What changed while there was no builder goes to the pages as if it changed now. */
  async #connectPages(): Promise<void> {
    await this.#hot.connectAll();
    const since = this.#unreachableSince;
    this.#unreachableSince = null;
    if (since === null || !this.#context.hotReload) return;
    const missed = this.#changes.since(since);
    if (missed === null) this.#live.broadcast([{ type: 'reload', reason: MISSED }]);
    else if (missed.length > 0) await this.#builder.changed(missed);
  }

  #onEvent(event: BuilderEvent): void {
    if (event.type === 'packages') return void this.#keepPackages(event.key);
    if (event.type === 'error' && event.inPage) return this.#onError(event);
    const messages = this.#store.apply(event);
    if (event.type === 'log') this.#say(event.level, event.text);
    if (event.type === 'build') {
      this.#context.onStep('build', 'done');
      void this.#connectPages();
    }
    if (event.type === 'error') this.#onError(event);
    this.#tell(messages);
  }

  /** Other worktrees with the same packages need not bundle them again. */
  async #keepPackages(key: string): Promise<void> {
    try {
      const packages = await this.#builder.current?.packages(key, this.#closing.signal);
      if (packages) await this.#vendor.addPackages(key, packages);
    } catch (error) {
      if (!this.#closing.signal.aborted)
        this.#say('warn', `Bundled packages could not be kept: ${(error as Error).message}`);
    }
  }

  #onHello(hello: Hello, send: (message: CompanionToFrame) => void): CompanionToFrame[] {
    this.#visible.add(hello.frameId);
    if (hello.hot === undefined) return this.#tellable(this.#store.catchUp(hello));
    const isKnown = hello.session === this.#memory.session;
    if (isKnown && this.#hot.attach(hello.frameId, hello.hot, send)) return [];
    return [{ type: 'reload', reason: MISSED }];
  }

  /** A builder that nobody watches for a while is ended; whoever needs it next wakes it. */
  #watched(): void {
    clearTimeout(this.#idleTimer);
    if (this.#closing.signal.aborted) return;
    if (this.#visible.size > 0) {
      this.#builder.wake();
      return;
    }
    this.#idleTimer = setTimeout(() => this.#builder.sleep(), IDLE_MS);
    this.#idleTimer.unref();
  }

  #tell(messages: CompanionToFrame[]): void {
    for (const message of messages) if (message.type === 'update') this.#times.sent(message.revision);
    this.#live.broadcast(this.#tellable(messages));
  }

  /** Without hot reload, pages are what they were when they were loaded; errors are told all the same. */
  #tellable(messages: CompanionToFrame[]): CompanionToFrame[] {
    if (this.#context.hotReload) return messages;
    return messages.filter(({ type }) => type === 'error' || type === 'ready');
  }

  #onError({ error }: Extract<BuilderEvent, { type: 'error' }>): void {
    if (error !== null && this.#store.build === null) this.#context.onStep('build', 'failed', error.message);
    if (error === null && !this.#hasError) return;
    this.#hasError = error !== null;
    this.#context.emit({ channel: 'preview', data: { type: 'build_error', error } });
  }

  #onBuilderEnded(error: VitrineError, final: boolean): void {
    if (this.#closing.signal.aborted) return;
    const what = final ? `${error.message} ${error.remedy}` : `${error.message} It is started again.`;
    this.#say('error', what);
    if (final) this.#onEvent({ type: 'error', error: { message: what } });
  }

  #onMessage(message: Told, frameId: string): void {
    const { emit, onStep } = this.#context;
    switch (message.type) {
      case 'hot':
        return this.#hot.send(frameId, message.payload);
      case 'visible':
        if (message.visible) this.#visible.add(frameId);
        else this.#visible.delete(frameId);
        return this.#watched();
      case 'console':
        for (const line of message.lines) this.#fromPage({ source: 'browser', ...line });
        return;
      case 'route':
        return emit({ channel: 'preview', data: { type: 'route_change', route: message.route, frameId } });
      case 'painted':
        onStep('paint', 'done');
        return emit({
          channel: 'preview',
          data: { type: 'painted', durationMs: message.durationMs, frameId },
        });
      case 'applied': {
        const durationMs = this.#times.applied(message.revision);
        if (durationMs === null) return;
        return emit({
          channel: 'preview',
          data: { type: 'hot_update', revision: message.revision, durationMs },
        });
      }
    }
  }

  #fromPage(entry: ConsoleEntry): void {
    const passes = this.#lines.take();
    if (passes) this.#told = this.#told.then(async () => this.#emitLine(await this.#withSources(entry)));
    if (!passes && !this.#flooded) {
      this.#say(
        'warn',
        `The page prints more than ${MAX_LINES_PER_SECOND} lines a second; the rest is left out.`,
      );
    }
    this.#flooded = !passes;
  }

  #emitLine(entry: ConsoleEntry): void {
    this.#context.emit({ channel: 'logs', data: { type: 'console', entry } });
  }

  /** The places of a stack in the sources, where the builder can tell them in time. */
  async #withSources(entry: ConsoleEntry): Promise<ConsoleEntry> {
    const { current } = this.#builder;
    if (entry.stack === undefined || current === null || this.#store.build?.mode !== 'vite') return entry;
    const deadline = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(STACK_DEADLINE_MS)]);
    const stack = await current.mapStack(entry.stack, deadline).catch(() => entry.stack ?? '');
    return { ...entry, stack: stack.slice(0, MAX_ENTRY_LENGTH) };
  }

  #say(level: ConsoleEntry['level'], text: string): void {
    const clean = stripVTControlCharacters(text).slice(0, MAX_ENTRY_LENGTH);
    if (clean.trim() === '') return;
    const entry: ConsoleEntry = { at: Date.now(), source: 'vitrine', level, text: clean };
    this.#context.emit({ channel: 'logs', data: { type: 'console', entry } });
  }
}
