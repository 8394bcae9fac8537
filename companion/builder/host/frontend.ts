import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import type { VitrineError } from '#shared/errors.ts';
import type { CompanionToFrame, FrameToCompanion } from '#shared/frame/live.ts';
import { LIVE_PATH } from '#shared/frame/page.ts';
import { type ConsoleEntry, MAX_ENTRY_LENGTH } from '#shared/realtime/console-entry.ts';
import type { Frontend, FrontendContext } from '../frontend.ts';
import type { BuilderEvent } from '../protocol.ts';
import { BuilderService } from './builder-service.ts';
import { FrameStore } from './frame-store.ts';
import { LiveServer } from './live-server.ts';
import { RateLimit } from './rate-limit.ts';
import { RequestHandler } from './request-handler.ts';
import { UpdateTimes } from './update-times.ts';
import type { VendorCache } from './vendor-cache.ts';

/** Console lines taken from the pages of one environment; a flood is cut. */
const MAX_LINES_PER_SECOND = 500;

/** An attempt's frontend: its builder, its pages' sockets, and what is between them. */
export class SandpackFrontend implements Frontend {
  readonly #context: FrontendContext;
  readonly #closing = new AbortController();
  readonly #store = new FrameStore();
  readonly #builder: BuilderService;
  readonly #live: LiveServer;
  readonly #requests: RequestHandler;
  readonly #times = new UpdateTimes();
  readonly #lines = new RateLimit(MAX_LINES_PER_SECOND);
  #flooded = false;
  #hasError = false;

  constructor(context: FrontendContext, vendor: VendorCache) {
    this.#context = context;
    const { pod, root, worktree, cacheDirectory, appEnv } = context;
    this.#builder = new BuilderService({
      pod,
      options: { root, worktree, cacheDirectory, vendorDirectory: vendor.directory, appEnv },
      onEvent: (event) => this.#onEvent(event),
      onLine: (text, stream) => this.#say(stream === 'stderr' ? 'error' : 'info', text),
      onEnded: (error, final) => this.#onBuilderEnded(error, final),
    });
    this.#live = new LiveServer({
      onHello: (hello) => this.#tellable(this.#store.catchUp(hello)),
      onMessage: (message, frameId) => this.#onMessage(message, frameId),
      // The place to pause a builder that nobody watches.
      onPages: () => undefined,
    });
    this.#requests = new RequestHandler({
      worktree,
      store: this.#store,
      builder: this.#builder,
      vendor,
      signal: this.#closing.signal,
      onPageServed: () => context.onStep('paint', 'active'),
    });
  }

  start(signal: AbortSignal): Promise<void> {
    return this.#builder.start(signal);
  }

  get pages(): number {
    return this.#live.pages;
  }

  handle(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
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
    void this.#builder.changed(paths);
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error('The preview ended.'));
    this.#live.close();
    await this.#builder.close();
  }

  #onEvent(event: BuilderEvent): void {
    const messages = this.#store.apply(event);
    if (event.type === 'log') this.#say(event.level, event.text);
    if (event.type === 'build') this.#context.onStep('build', 'done');
    if (event.type === 'error') this.#onError(event);
    this.#tell(messages);
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

  #onMessage(message: Exclude<FrameToCompanion, { type: 'hello' }>, frameId: string): void {
    const { emit, onStep } = this.#context;
    switch (message.type) {
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
    if (passes) this.#context.emit({ channel: 'logs', data: { type: 'console', entry } });
    if (!passes && !this.#flooded) {
      this.#say(
        'warn',
        `The page prints more than ${MAX_LINES_PER_SECOND} lines a second; the rest is left out.`,
      );
    }
    this.#flooded = !passes;
  }

  #say(level: ConsoleEntry['level'], text: string): void {
    const clean = stripVTControlCharacters(text).slice(0, MAX_ENTRY_LENGTH);
    if (clean.trim() === '') return;
    const entry: ConsoleEntry = { at: Date.now(), source: 'vitrine', level, text: clean };
    this.#context.emit({ channel: 'logs', data: { type: 'console', entry } });
  }
}
