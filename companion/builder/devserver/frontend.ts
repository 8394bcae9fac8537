import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { Evaluation } from '#shared/api/evaluate.ts';
import { toVitrineError, type VitrineError } from '#shared/errors.ts';
import type { CompanionToFrame } from '#shared/frame/live.ts';
import { LIVE_PATH, WORKER_PATH } from '#shared/frame/page.ts';
import { RESERVED_PREFIX } from '#shared/identifiers.ts';
import { type ConsoleEntry, MAX_ENTRY_LENGTH } from '#shared/realtime/console-entry.ts';
import { handshakeFault, refuseUpgrade } from '../../proxy/handshake.ts';
import { isNavigation, sendPage } from '../../proxy/pages.ts';
import { hasBody, isHangUp } from '../../proxy/repeatable.ts';
import type { Frontend, FrontendContext, OwnServer } from '../frontend.ts';
import { type Hello, LiveServer } from '../host/live-server.ts';
import { waitingPage } from '../host/page.ts';
import { PageReports } from '../host/page-reports.ts';
import { PrintPlaces } from '../host/print-places.ts';
import { WorkerLinks } from '../host/worker-links.ts';
import type { ServerCommand } from './find-command.ts';
import { ServedScripts } from './maps/served-scripts.ts';
import { StackMapper } from './maps/stack-mapper.ts';
import { SERVER_SESSION, sendPageFile } from './page-script.ts';
import { podPortOf } from './pod-port.ts';
import { serverStarting } from './server-failures.ts';
import { ServerProcess } from './server-process.ts';
import { ServerProxy } from './server-proxy.ts';

/** A server that nobody asked for anything this long, with no page open, is ended until somebody does, ms. */
const IDLE_MS = 10 * 60_000;
/** A person sees the page that says what is going on after this; it loads itself again. */
const PAGE_WAIT_MS = 20_000;
const SCRIPT_WAIT_MS = 45_000;
const RETRY_MS = 100;
/** Longest wait for the sources of one stack, ms. */
const STACK_DEADLINE_MS = 3_000;
/** Requests that wait for the server at a time. */
const MAX_WAITING = 256;

/** An attempt's frontend as its own dev server shows it. */
export class DevserverFrontend implements Frontend {
  readonly takesWrites: boolean;
  readonly #context: FrontendContext;
  readonly #server: OwnServer;
  readonly #process: ServerProcess;
  readonly #live: LiveServer;
  readonly #closing = new AbortController();
  readonly #reports: PageReports;
  readonly #scripts: ServedScripts;
  readonly #stacks: StackMapper;
  readonly #places: PrintPlaces;
  readonly #workers = new WorkerLinks((message, id) => this.#reports.take(message, id));
  /** A server started anew has forgotten what it knew: only frameworks' own are known not to mind. */
  readonly #maySleep: boolean;
  #proxy: ServerProxy | undefined;
  #failure: VitrineError | null = null;
  #waiting = 0;
  #inFlight = 0;
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(context: FrontendContext, server: OwnServer, command: ServerCommand) {
    this.#context = context;
    this.#server = server;
    this.takesWrites = command.framework?.takesWrites ?? false;
    this.#maySleep = command.framework !== null && server.command === undefined;
    const { pod, root, worktree, appEnv } = context;
    this.#process = new ServerProcess({
      pod,
      command,
      root,
      appEnv,
      server,
      onLine: (text, stream) => this.#say('server', stream === 'stderr' ? 'error' : 'log', text),
      onReady: (port) => this.#onReady(port),
      onEnded: (error, final) => this.#onEnded(error, final),
    });
    // One that sleeps is not woken for it.
    this.#scripts = new ServedScripts(async (path) =>
      this.#process.isReady ? ((await this.#proxy?.read(path)) ?? null) : null,
    );
    this.#stacks = new StackMapper(this.#scripts, { worktree, root, origin: server.origin });
    this.#places = new PrintPlaces({
      root,
      worktree,
      mode: () => 'vite',
      mapStack: (stack) => this.#mapStack(stack),
    });
    this.#reports = new PageReports({ ...context, withSources: (line) => this.#places.into(line) });
    this.#live = new LiveServer({
      onHello: (hello) => this.#greet(hello),
      // Its own client takes updates.
      onMessage: (message, frameId) => void this.#reports.take(message, frameId),
      onGone: (frameId) => this.#reports.left(frameId),
      onPages: () => this.#used(),
    });
  }

  async start(signal: AbortSignal): Promise<void> {
    await this.#process.start(signal);
    this.#used();
  }

  get pages(): number {
    return this.#live.pages;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const path = pathOf(request);
    if (isReserved(path) && podPortOf(request) === null) return sendPageFile(request, response);
    this.#inFlight += 1;
    response.once('close', () => {
      this.#inFlight -= 1;
      this.#used();
    });
    try {
      return await this.#pass(request, response);
    } catch (error) {
      this.#refuse(request, response, error);
      return true;
    }
  }

  /**
   * A server that closed its port is on its way back, be it by itself or with a new process: what only reads waits.
   * A connection that broke in a server's last moments is made once more, and not again: the request may be what ends it.
   */
  async #pass(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const deadlineMs = isNavigation(request) ? PAGE_WAIT_MS : SCRIPT_WAIT_MS;
    const until = performance.now() + deadlineMs;
    const isRead = (request.method === 'GET' || request.method === 'HEAD') && !hasBody(request);
    for (let wasBroken = false; ; ) {
      const proxy = await this.#ready(until - performance.now());
      try {
        return await proxy.handle(request, response, () => this.#onPageServed());
      } catch (error) {
        const fault = error as NodeJS.ErrnoException;
        const isBroken = isHangUp(fault);
        const mayPass = fault.code === 'ECONNREFUSED' || (isBroken && !wasBroken && !response.headersSent);
        if (!isRead || !mayPass || response.destroyed || performance.now() > until) throw error;
        wasBroken ||= isBroken;
        await delay(RETRY_MS, undefined, { signal: this.#closing.signal });
      }
    }
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    const path = pathOf(request);
    if (path === LIVE_PATH || path === WORKER_PATH) {
      (path === LIVE_PATH ? this.#live : this.#workers).upgrade(request, socket, head);
      return true;
    }
    const elsewhere = podPortOf(request);
    if (isReserved(path) && elsewhere === null) return false;
    const fault = handshakeFault(request);
    if (fault) {
      const remedy = 'Open a WebSocket as RFC 6455 has it.';
      refuseUpgrade(socket, fault.status, { code: 'HANDSHAKE_INVALID', message: fault.reason, remedy });
      return true;
    }
    this.#ready(SCRIPT_WAIT_MS)
      .then((proxy) => proxy.upgrade(request, socket, head, elsewhere ?? undefined))
      .catch((error: unknown) => {
        const { status, code, message, remedy } = asStarting(error);
        refuseUpgrade(socket, status, { code, message, remedy });
      });
    return true;
  }

  /** The server watches its files itself; one that was given up is tried again. */
  filesChanged(paths: string[]): void {
    if (paths.length === 0 || this.#closing.signal.aborted) return;
    this.#proxy?.filesChanged();
    this.#process.retry();
  }

  evaluate(frameId: string, source: string, signal: AbortSignal): Promise<Evaluation> {
    return this.#live.evaluate(frameId, source, signal);
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error('The preview ended.'));
    clearTimeout(this.#idleTimer);
    this.#live.close();
    this.#workers.close();
    this.#stacks.close();
    this.#proxy?.close();
    await this.#process.close();
  }

  /** Waits until the server answers, not too long and not too many. */
  async #ready(deadlineMs: number): Promise<ServerProxy> {
    if (this.#proxy && this.#process.isReady) return this.#proxy;
    if (this.#waiting >= MAX_WAITING) throw serverStarting();
    this.#waiting += 1;
    const over = new AbortController();
    try {
      const late = delay(deadlineMs, undefined, { signal: over.signal, ref: false }).then(() => {
        throw serverStarting();
      });
      late.catch(() => undefined); // the other one came first
      await Promise.race([this.#process.port(), late]);
    } finally {
      over.abort();
      this.#waiting -= 1;
    }
    if (!this.#proxy) throw serverStarting();
    return this.#proxy;
  }

  #refuse(request: IncomingMessage, response: ServerResponse, cause: unknown): void {
    const { status, code, message, remedy } = asStarting(cause);
    if (response.headersSent || !isNavigation(request) || this.#closing.signal.aborted)
      return sendPage(request, response, status, { code, message, remedy });
    // It shows what is wrong, and loads itself again when there is something to show.
    const page = waitingPage('static');
    response.writeHead(503, {
      'content-type': 'text/html; charset=utf-8',
      'content-length': Buffer.byteLength(page),
      'cache-control': 'no-store',
    });
    response.end(request.method === 'HEAD' ? undefined : page);
  }

  /** Rejects when it takes too long: lines are told in their order. */
  #mapStack(stack: string): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const late = setTimeout(() => reject(new Error('The sources took too long.')), STACK_DEADLINE_MS);
    this.#stacks.mapStack(stack).then(resolve, reject);
    return promise.finally(() => clearTimeout(late));
  }

  #onPageServed(): void {
    this.#stacks.forget();
    this.#places.forget();
    this.#context.onStep('paint', 'active');
  }

  #onReady(port: number): void {
    const { pod, onStep, hotReload } = this.#context;
    const { origin, hasBackend, backendPort } = this.#server;
    this.#proxy?.close();
    const onScript = (path: string) => this.#scripts.add(path);
    this.#proxy = new ServerProxy({ pod, port, origin, hasBackend, backendPort, hotReload, onScript });
    const wasBroken = this.#failure !== null;
    this.#failure = null;
    onStep('build', 'done');
    if (wasBroken) this.#context.emit({ channel: 'preview', data: { type: 'build_error', error: null } });
    this.#live.broadcast(this.#news());
    this.#used();
  }

  #onEnded(error: VitrineError, final: boolean): void {
    if (this.#closing.signal.aborted) return;
    this.#proxy?.close();
    const text = final ? withRemedy(error) : `${error.message}\nIt is started again.`;
    this.#say('vitrine', 'error', text);
    this.#failure = error;
    if (!final) return;
    this.#context.onStep('build', 'failed', error.message);
    this.#context.emit({ channel: 'preview', data: { type: 'build_error', error: { message: text } } });
    this.#live.broadcast(this.#news());
  }

  /** A page of another provider, open since before this one took over, runs what is no more. */
  #greet({ session }: Hello): CompanionToFrame[] {
    if (session === '' || session === SERVER_SESSION) return this.#news();
    return [{ type: 'reload', reason: 'The project’s own dev server shows it now.' }];
  }

  /** What a page needs to know: a page that waits loads again at `ready`, an app's own page ignores it. */
  #news(): CompanionToFrame[] {
    if (this.#process.isReady)
      return [
        { type: 'error', error: null },
        { type: 'ready', vendor: '' },
      ];
    if (this.#failure === null) return [];
    return [{ type: 'error', error: { message: withRemedy(this.#failure) } }];
  }

  #used(): void {
    clearTimeout(this.#idleTimer);
    if (!this.#maySleep || this.#closing.signal.aborted) return;
    this.#idleTimer = setTimeout(() => {
      const isUsed = this.#live.pages > 0 || this.#inFlight > 0 || (this.#proxy?.sockets ?? 0) > 0;
      if (isUsed) return this.#used();
      this.#process.sleep();
    }, IDLE_MS);
    this.#idleTimer.unref();
  }

  #say(source: 'server' | 'vitrine', level: ConsoleEntry['level'], text: string): void {
    if (text.trim() === '') return;
    const service = source === 'server' ? { service: 'frontend' } : {};
    const entry = { at: Date.now(), source, ...service, level, text: text.slice(0, MAX_ENTRY_LENGTH) };
    this.#context.emit({ channel: 'logs', data: { type: 'console', entry } });
  }
}

/** Apart from what a server printed last. */
const withRemedy = ({ message, remedy }: VitrineError): string =>
  `${message}${message.includes('\n') ? '\n\n' : '\n'}${remedy}`;

const pathOf = ({ url = '/' }: IncomingMessage): string => url.split(/[?#]/, 1)[0] ?? '/';
const isReserved = (path: string): boolean =>
  path === RESERVED_PREFIX || path.startsWith(`${RESERVED_PREFIX}/`);

/** A connection that broke with its server: the server is on its way back, or what it says tells why not. */
function asStarting(error: unknown): VitrineError {
  const isOurs = typeof (error as NodeJS.ErrnoException).code === 'string';
  return isOurs && !('remedy' in (error as object)) ? serverStarting() : toVitrineError(error);
}
