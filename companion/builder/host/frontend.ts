import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import type { Evaluation } from '#shared/api/evaluate.ts';
import type { VitrineError } from '#shared/errors.ts';
import type { CompanionToFrame, FrameToCompanion } from '#shared/frame/live.ts';
import { LIVE_PATH, OWN_PATH, WORKER_PATH } from '#shared/frame/page.ts';
import { type ConsoleEntry, MAX_ENTRY_LENGTH } from '#shared/realtime/console-entry.ts';
import { SERVER_SESSION } from '../devserver/page-script.ts';
import type { Frontend, FrontendContext } from '../frontend.ts';
import type { BuilderEvent } from '../protocol.ts';
import { AppServer } from './app-server.ts';
import { AppSockets } from './app-sockets.ts';
import { Audience } from './audience.ts';
import type { BuilderClient } from './builder-client.ts';
import { BuilderService } from './builder-service.ts';
import { ChangeLog } from './change-log.ts';
import { FrameStore } from './frame-store.ts';
import { HotLinks } from './hot-links.ts';
import { LiveServer, type Told } from './live-server.ts';
import { PageMemory } from './page-memory.ts';
import { PageReports } from './page-reports.ts';
import { PrintPlaces } from './print-places.ts';
import { RequestHandler } from './request-handler.ts';
import { UpdateTimes } from './update-times.ts';
import type { VendorCache } from './vendor-cache.ts';
import { WorkerLinks } from './worker-links.ts';

const MISSED = 'The page missed too much.';

type Hello = Extract<FrameToCompanion, { type: 'hello' }>;

/** As long nobody sees a builder's pages or asks it for anything before it is ended. */
const IDLE_MS = 60_000;
/** Longest wait for the sources of one stack, ms. */
const STACK_DEADLINE_MS = 3_000;

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
  readonly #app: AppServer;
  readonly #sockets: AppSockets;
  readonly #requests: RequestHandler;
  readonly #times = new UpdateTimes();
  readonly #reports: PageReports;
  readonly #places: PrintPlaces;
  readonly #workers = new WorkerLinks((message, id) => this.#reports.take(message, id));
  readonly #audience: Audience;
  /** What pages that were away have to catch up on. */
  readonly #changes = new ChangeLog();
  /** Since when Vite cannot reach the pages, ms; null while it can. */
  #unreachableSince: number | null = 0;
  /** An earlier run of the environment may have left one. */
  #hasError = true;
  /** The bundler has shown the app once. */
  #hasPainted = false;

  constructor(context: FrontendContext, vendor: VendorCache, idleMs = IDLE_MS) {
    this.#context = context;
    const { pod, root, worktree, cacheDirectory, ownDirectory, appEnv } = context;
    const hasBackend = context.server?.hasBackend ?? false;
    // Whoever needs a builder that was ended wakes it.
    this.#audience = new Audience({
      idleMs,
      onSeen: () => this.#builder.wake(),
      // A socket says when it is done; what is asked in requests is asked again.
      onIdle: () => (this.#sockets.size > 0 ? this.#audience.stirs() : this.#builder.sleep()),
      closed: this.#closing.signal,
    });
    this.#memory = new PageMemory(join(ownDirectory, 'pages.json'));
    this.#builder = new BuilderService({
      pod,
      options: { root, worktree, cacheDirectory, vendorDirectory: vendor.directory, appEnv },
      env: { ...context.inheritedEnv, ...context.wayOut },
      resumes: () => this.#memory.modules.length > 0,
      onReady: (client, signal) => this.#onBuilderReady(client, signal),
      onEvent: (event) => this.#onEvent(event),
      onLine: (text, stream) => this.#say(stream === 'stderr' ? 'error' : 'info', text),
      onEnded: (error, final) => this.#onBuilderEnded(error, final),
    });
    this.#places = new PrintPlaces({
      root,
      worktree,
      mode: () => this.#store.build?.mode,
      mapStack: (stack) => this.#mapStack(stack),
    });
    this.#hot = new HotLinks({
      connect: () => this.#builder.current?.hot(this.#store.build?.base ?? '/') ?? null,
      hotReload: context.hotReload,
      changedSince: (time) => (context.hotReload ? this.#changes.since(time) : []),
      repeat: (paths) => void this.#builder.changed(paths),
      // Without hot reload pages are not told, and ask for nothing.
      onChange: ({ wanted, timestamp }) => this.#app.changed(context.hotReload ? wanted : [], timestamp),
      onUpdate: (timestamp) => {
        this.#places.forget();
        this.#times.sent(timestamp);
      },
    });
    this.#live = new LiveServer({
      onHello: (hello, send) => this.#onHello(hello, send),
      onMessage: (message, frameId) => this.#onMessage(message, frameId),
      onGone: (frameId) => {
        this.#audience.leaves(frameId);
        this.#hot.detach(frameId);
        this.#reports.left(frameId);
      },
      onPages: () => this.#audience.stirs(),
    });
    const onPageServed = () => context.onStep('paint', 'active');
    this.#app = new AppServer({
      store: this.#store,
      builder: this.#builder,
      memory: this.#memory,
      hasBackend,
      backendPort: context.server?.backendPort,
      untilBuilt: () => this.#store.ready(this.#closing.signal),
      signal: this.#closing.signal,
      onPageServed,
    });
    this.#sockets = new AppSockets({ client: () => this.#builder.client(), network: context.network });
    this.#requests = new RequestHandler({
      worktree,
      store: this.#store,
      builder: this.#builder,
      vendor,
      app: this.#app,
      hasBackend,
      backendPort: context.server?.backendPort,
      session: this.#memory.session,
      signal: this.#closing.signal,
      onPageServed,
    });
    this.#vendor = vendor;
    this.#reports = new PageReports({ ...context, withSources: (line) => this.#places.into(line) });
  }

  async start(signal: AbortSignal): Promise<void> {
    await this.#builder.start(signal);
    this.#audience.stirs();
  }

  get pages(): number {
    return this.#live.pages;
  }

  handle(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    this.#audience.stirs();
    return this.#requests.handle(request, response);
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    const [path] = (request.url ?? '').split('?', 1);
    if (path === LIVE_PATH || path === WORKER_PATH)
      (path === LIVE_PATH ? this.#live : this.#workers).upgrade(request, socket, head);
    else if (!this.#hasSocket(path)) return false;
    else void this.#sockets.pass(request, socket, head);
    return true;
  }

  filesChanged(paths: string[]): void {
    if (this.#closing.signal.aborted || paths.length === 0) return;
    this.#times.changed();
    this.#app.doubt();
    this.#changes.add(paths);
    void this.#builder.changed(paths);
  }

  async backendPath(url: string): Promise<string> {
    const rewrites = this.#store.build?.rewrites ?? [];
    if (!rewrites.some((context) => context.startsWith('^') || url.startsWith(context))) return url;
    return (await this.#builder.client()).rewrite(url, this.#closing.signal);
  }

  evaluate(frameId: string, source: string, signal: AbortSignal): Promise<Evaluation> {
    return this.#live.evaluate(frameId, source, signal);
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error('The preview ended.'));
    this.#hot.close();
    this.#live.close();
    this.#workers.close();
    this.#sockets.close();
    await this.#builder.close();
    await this.#memory.close();
  }

  /** A new process gets to know what pages run before it answers them. */
  async #onBuilderReady(client: BuilderClient, signal: AbortSignal): Promise<void> {
    this.#unreachableSince ??= Date.now();
    const { modules } = this.#memory;
    if (modules.length === 0) return;
    const { isOutdated, changed } = await client.resume(modules, signal);
    if (isOutdated || changed.length > 0) this.#app.doubt();
    if (!isOutdated) return this.#changes.add(changed);
    this.#changes.forget();
    this.#unreachableSince = null;
    this.#live.broadcast([{ type: 'reload', reason: 'The packages in use changed.' }]);
  }

  /** Whether a socket is for the project's dev server. Beside a backend, only where it is known to have any. */
  #hasSocket(path = '/'): boolean {
    const { build, isWaiting } = this.#store;
    if (path.startsWith(OWN_PATH)) return false;
    if (this.#context.server?.hasBackend) return build?.hasSockets ?? false;
    return isWaiting || build?.mode === 'vite';
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
    if (event.type === 'unfit') return this.#context.onUnfit?.(event.reason);
    if (event.type === 'packages') return void this.#keepPackages(event.key);
    if (event.type === 'error' && event.inPage) return this.#onError(event);
    const isAnother = event.type === 'build' && this.#store.build !== null;
    if (isAnother || event.type === 'reload') this.#app.doubt();
    if (isAnother) this.#hot.forgetError();
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
    this.#audience.sees(hello.frameId);
    this.#places.forget();
    if (hello.session === SERVER_SESSION)
      return [{ type: 'reload', reason: 'Vitrine’s builder shows it now.' }];
    if (hello.hot === undefined) return this.#tellable(this.#store.catchUp(hello));
    const isKnown = hello.session === this.#memory.session;
    if (isKnown && this.#hot.attach(hello.frameId, hello.hot, send)) return [];
    return [{ type: 'reload', reason: MISSED }];
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
    const what = final ? `${error.message}\n${error.remedy}` : `${error.message}\nIt is started again.`;
    this.#say('error', what);
    if (final) this.#onEvent({ type: 'error', error: { message: what } });
  }

  #onMessage(message: Told, frameId: string): void {
    if (message.type === 'painted') this.#painted();
    if (message.type === 'performance' && message.performance.loadedMs !== undefined) this.#app.loaded();
    if (this.#reports.take(message, frameId)) return;
    switch (message.type) {
      case 'hot':
        return this.#hot.send(frameId, message.payload);
      case 'visible':
        if (message.visible) this.#audience.sees(frameId);
        else this.#audience.leaves(frameId);
        return this.#audience.stirs();
      case 'unbuildable':
        // By then it was whole: a mistake of the moment.
        if (this.#hasPainted || this.#store.build?.mode !== 'raw') return;
        return this.#context.onUnfit?.(`the bundler cannot run it: ${message.message}`);
      case 'applied': {
        const durationMs = this.#times.applied(message.revision);
        if (durationMs === null) return;
        return this.#context.emit({
          channel: 'preview',
          data: { type: 'hot_update', revision: message.revision, durationMs },
        });
      }
    }
  }

  #painted(): void {
    this.#hasPainted = true;
    this.#app.painted();
  }

  async #mapStack(stack: string): Promise<string> {
    const { current } = this.#builder;
    const deadline = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(STACK_DEADLINE_MS)]);
    if (!current) throw new Error('There is no builder that knows the sources.');
    return current.mapStack(stack, deadline);
  }

  #say(level: ConsoleEntry['level'], text: string): void {
    const clean = stripVTControlCharacters(text).slice(0, MAX_ENTRY_LENGTH);
    if (clean.trim() === '') return;
    const entry: ConsoleEntry = { at: Date.now(), source: 'vitrine', level, text: clean };
    this.#context.emit({ channel: 'logs', data: { type: 'console', entry } });
  }
}
