import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { VitrineError } from '#shared/errors.ts';
import { BUNDLER_PATH, FRAME_PATH, MODULES_PATH, VENDOR_PATH } from '#shared/frame/page.ts';
import { RESERVED_PREFIX } from '#shared/identifiers.ts';
import { isNavigation } from '../../proxy/pages.ts';
import type { BuiltPage } from '../protocol.ts';
import { type AppServer, isConnectionError } from './app-server.ts';
import type { BuilderService } from './builder-service.ts';
import { bundlerFile } from './bundler-files.ts';
import { frameFile, isFrameFile } from './frame-files.ts';
import type { FrameStore } from './frame-store.ts';
import { packagerAnswer } from './packager.ts';
import { assemblePage, waitingPage } from './page.ts';
import { sendText } from './send-text.ts';
import { findStaticFile, sendStaticFile } from './static-files.ts';
import type { VendorCache } from './vendor-cache.ts';
import { isWorkerRequest, watchedWorker } from './worker-script.ts';

const FOREVER = 'public, max-age=31536000, immutable';
const JAVASCRIPT = 'text/javascript; charset=utf-8';
/** How long a page waits for the first build before it is told to wait itself. */
const BUILD_DEADLINE_MS = 45_000;
/** The bundler asks these hosts for what the app does not import, and tells about itself: nobody answers. */
const NOBODY = /^\/__vitrine\/(?:packager-build|jsdelivr|jsdelivr-data|unpkg|github)\//;

export interface RequestHandlerParts {
  worktree: string;
  store: FrameStore;
  builder: BuilderService;
  vendor: VendorCache;
  app: AppServer;
  /** It gets the requests that the frontend has nothing for, and those that change something. */
  hasBackend: boolean;
  backendPort?: number;
  /** Which pages are known here. */
  session: string;
  signal: AbortSignal;
  onPageServed(): void;
}

/** Answers what browsers ask of a preview origin, as far as it is the frontend's. */
export class RequestHandler {
  readonly #parts: RequestHandlerParts;

  constructor(parts: RequestHandlerParts) {
    this.#parts = parts;
  }

  /** False, having touched nothing, when the request is not the frontend's. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const [path = '/'] = (request.url ?? '/').split(/[?#]/, 1);
    if (path === RESERVED_PREFIX || path.startsWith(`${RESERVED_PREFIX}/`))
      return this.#own(path, request, response);
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    const { store, worktree, app, hasBackend, signal } = this.#parts;
    if (!isRead && hasBackend) return false;
    // The first page waits at the builder rather than here: Vite answers it as soon as it can.
    if (store.isWaiting && isNavigation(request) && (await app.handle(request, response))) return true;
    if (store.isWaiting) await store.ready(this.#deadline()).catch(() => signal.throwIfAborted());
    if (store.build?.mode === 'vite') return app.handle(request, response);
    if (!isRead) return false;
    if (isNavigation(request)) return this.#page(path, request, response);
    if (store.build === null) return false;
    const file = await findStaticFile(path, { build: store.build, worktree });
    if (file === null) return false;
    if (isWorkerRequest(request) && /\.[cm]?js$/.test(file)) {
      const script = await watchedWorker(await readFile(file));
      sendText(response, 200, JAVASCRIPT, script, 'no-cache');
    } else await sendStaticFile(request, response, file);
    return true;
  }

  async #page(path: string, request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const { store, builder, worktree, session, onPageServed, signal } = this.#parts;
    // A document in the public directory (a licence, an old page) is itself, not the app.
    const document =
      store.build && /\.\w+$/.test(path) && (await findStaticFile(path, { build: store.build, worktree }));
    if (document && !document.endsWith('.html')) {
      await sendStaticFile(request, response, document);
      return true;
    }
    const page = await this.#builtPage(builder, request.url ?? '/');
    signal.throwIfAborted();
    if (page !== null) store.addQuietly(page.modules);
    if (page?.location !== undefined) {
      const [, query = ''] = (request.url ?? '').split(/(?=\?)/, 2);
      response
        .writeHead(page.status ?? 301, {
          location: encodeURI(page.location) + query,
          'cache-control': 'no-store',
        })
        .end();
      return true;
    }
    sendText(
      response,
      page === null ? 503 : (page.status ?? 200),
      'text/html; charset=utf-8',
      page === null
        ? waitingPage(session)
        : assemblePage(page.html, { ...pageOf(page), session, backendPort: this.#parts.backendPort }),
    );
    onPageServed();
    return true;
  }

  /** Null when there is no page to be had just now: what is wrong is told over the live socket. */
  async #builtPage(builder: BuilderService, url: string) {
    try {
      return await (await builder.client()).page(url, this.#deadline());
    } catch (error) {
      if (!(error instanceof VitrineError) && !isConnectionError(error)) throw error;
      return null;
    }
  }

  async #own(path: string, request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const isVersioned = (request.url ?? '').includes('?v=');
    if (path.startsWith(BUNDLER_PATH)) {
      const content = await bundlerFile(decodeURIComponent(path.slice(BUNDLER_PATH.length)));
      if (content === null) return false;
      const type = path.endsWith('.js') ? JAVASCRIPT : 'application/octet-stream';
      sendText(response, 200, type, content, isVersioned ? FOREVER : 'max-age=3600');
      return true;
    }
    if (path.startsWith(FRAME_PATH)) {
      const name = path.slice(FRAME_PATH.length);
      if (!isFrameFile(name)) return false;
      await sendStaticFile(request, response, frameFile(name));
      return true;
    }
    if (path === MODULES_PATH) return this.#modules(response);
    if (path.startsWith(VENDOR_PATH)) return this.#vendor(path.slice(VENDOR_PATH.length), request, response);
    return this.#emulated(path, response);
  }

  async #modules(response: ServerResponse): Promise<boolean> {
    const { store } = this.#parts;
    await store.ready(this.#deadline()).catch(() => undefined); // answered below
    const build = store.snapshot();
    if (build !== null) sendText(response, 200, 'application/json', JSON.stringify(build));
    else sendText(response, 503, 'application/json', JSON.stringify({ error: store.error }));
    return true;
  }

  async #vendor(name: string, request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const key = /^([0-9a-f]{24})\.js$/.exec(name)?.[1];
    if (key === undefined) return false;
    const { vendor, builder, store, signal } = this.#parts;
    response.setHeader('cache-control', FOREVER);
    const cached = await vendor.find(key);
    if (cached !== null) {
      await sendStaticFile(request, response, cached);
      return true;
    }
    const code = await (await builder.client()).vendor(key, signal);
    if (code === null) {
      sendText(response, 404, JAVASCRIPT, '');
      return true;
    }
    sendText(response, 200, JAVASCRIPT, code, FOREVER);
    await store.ready(this.#deadline()).catch(() => undefined); // then it is made again next time
    if (store.build?.vendor === key) await vendor.add(key, code, store.build.outer);
    return true;
  }

  async #emulated(path: string, response: ServerResponse): Promise<boolean> {
    const packaged = packagerAnswer(path, this.#parts.store.build?.packages ?? {});
    if (packaged !== null) sendText(response, packaged.status, packaged.type, packaged.body);
    else if (path.startsWith(`${RESERVED_PREFIX}/telemetry/`)) sendText(response, 204, 'text/plain', '');
    else if (NOBODY.test(path)) sendText(response, 404, 'application/json', '{}');
    else return false;
    return true;
  }

  #deadline(): AbortSignal {
    return AbortSignal.any([this.#parts.signal, AbortSignal.timeout(BUILD_DEADLINE_MS)]);
  }
}

/** What the page itself is told of it. */
const pageOf = ({ mode, entry, base, vendor }: BuiltPage) => ({ mode, entry, base, vendor });
