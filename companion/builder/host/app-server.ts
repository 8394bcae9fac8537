import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { VitrineError } from '#shared/errors.ts';
import { isNavigation } from '../../proxy/pages.ts';
import { AppProxy, headersFor, moduleOf } from './app-proxy.ts';
import type { BuilderService } from './builder-service.ts';
import type { FrameStore } from './frame-store.ts';
import { isScriptRequest, KeptAnswers, sendKept } from './kept-answers.ts';
import { LoadProfiles } from './load-profiles.ts';
import { type AheadAnswer, type Load, ModulesAhead } from './modules-ahead.ts';
import { assemblePage, waitingPage } from './page.ts';
import type { PageMemory } from './page-memory.ts';
import { scriptsOf } from './page-scripts.ts';
import { sendText } from './send-text.ts';

/** How long a page waits for what its modules depend on to be looked at, ms: without it they are fetched. */
const CONFIRM_DEADLINE_MS = 300;

export interface AppServerParts {
  store: FrameStore;
  builder: BuilderService;
  memory: PageMemory;
  hasBackend: boolean;
  backendPort?: number;
  /** Resolves when there is a build to make pages from, or an error instead. */
  untilBuilt(): Promise<void>;
  signal: AbortSignal;
  onPageServed(): void;
}

/** Answers browsers for an app that has Vite: its own dev server, or what that answered before where it still holds. */
export class AppServer {
  readonly #parts: AppServerParts;
  readonly #proxy: AppProxy;
  readonly #modules = new KeptAnswers();
  /** Pages as Vite gave them, for when it sleeps. */
  readonly #pages = new KeptAnswers();
  readonly #profiles = new LoadProfiles();
  readonly #ahead: ModulesAhead;
  /** What the latest page may use of what is kept is known. */
  #confirmed: Promise<void> = Promise.resolve();
  /** The load for which the builder was told what is kept. */
  #told = 0;
  /** What the latest script was asked for with. */
  #scriptHeaders: IncomingHttpHeaders | null = null;
  /** How far the latest page is. */
  #isPainted = false;
  #isLoaded = false;

  constructor(parts: AppServerParts) {
    this.#parts = parts;
    this.#proxy = new AppProxy(parts.memory, parts.hasBackend);
    this.#ahead = new ModulesAhead({
      load: (...asked) => this.#loadAhead(...asked),
      keep: ({ head, body }) => {
        const answer = moduleOf(head, body);
        if (answer) this.#modules.keep(head.url, answer, this.#modules.round);
      },
      isKnown: (url) => this.#modules.find(url) !== null,
    });
  }

  /** Vite told pages of a change: of an update, they ask for these paths below the base if they run them. */
  changed(wanted: readonly string[], timestamp: number | null): void {
    this.doubt();
    if (timestamp === null || wanted.length === 0 || !this.#scriptHeaders) return;
    const base = this.#parts.store.build?.base ?? '/';
    this.#ahead.begin(`t=${timestamp}`);
    this.#ahead.follow(
      wanted.map((path) => `${base}${path.replace(/^\//, '')}`),
      this.#scriptHeaders,
    );
  }

  /** A file changed, or something else that answers depend on. */
  doubt(): void {
    this.#ahead.end();
    this.#modules.doubt();
    this.#pages.doubt();
  }

  /** A page shows something; of an app with a placeholder in its page, that is before its modules are there. */
  painted(): void {
    this.#isPainted = true;
    this.#endLoad();
  }

  /** A page has what it names itself; what modules fetch as they run may still be on its way. */
  loaded(): void {
    this.#isLoaded = true;
    this.#endLoad();
  }

  #endLoad(): void {
    if (!this.#isPainted || !this.#isLoaded) return;
    this.#profiles.end();
    this.#ahead.end();
  }

  /** False, having touched nothing, when the dev server has nothing for the request. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const { memory, signal } = this.#parts;
    try {
      return await (isNavigation(request) ? this.#page(request, response) : this.#file(request, response));
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof VitrineError) && !isConnectionError(error)) throw error;
      if (isNavigation(request))
        sendText(response, 503, 'text/html; charset=utf-8', waitingPage(memory.session));
      else sendText(response, 503, 'text/plain; charset=utf-8', String(error));
      return true;
    }
  }

  async #file(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const { builder, memory } = this.#parts;
    const url = request.url ?? '/';
    const isScript = isScriptRequest(request);
    if (isScript) {
      this.#scriptHeaders = request.headers;
      this.#profiles.add(url);
      await this.#confirmed;
      await this.#ahead.claim(url, request.headers);
      const kept = this.#modules.find(url);
      if (kept) {
        memory.add({ url, etag: kept.etag });
        sendKept(request, response, kept);
        return true;
      }
    }
    const { round } = this.#modules;
    return this.#proxy.handle(await builder.client(), request, response, {
      onModule: isScript ? (answer) => this.#modules.keep(url, answer, round) : null,
    });
  }

  async *#loadAhead(
    { number, update }: Load,
    urls: string[],
    headers: IncomingHttpHeaders,
    signal: AbortSignal,
  ): AsyncGenerator<AheadAnswer> {
    const { 'if-none-match': _tag, 'if-modified-since': _time, ...rest } = headers;
    const client = await this.#parts.builder.client();
    // Once for each load: the builder remembers.
    const known = number === this.#told ? [] : this.#modules.current;
    this.#told = number;
    yield* client.load(
      {
        load: number,
        urls,
        known,
        ...(update !== null && { within: update }),
        headers: headersFor(rest, false),
      },
      signal,
    );
  }

  async #page(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const { builder, onPageServed } = this.#parts;
    const url = request.url ?? '/';
    const isRead = request.method === 'GET';
    const kept = builder.current === null && isRead ? this.#pages.find(url) : null;
    // Plugins make modules anew without telling anybody: what a page that loads wants is confirmed, the rest asked for.
    if (isRead && builder.current !== null) this.doubt();
    const { round } = this.#modules;
    const { round: pageRound } = this.#pages;
    const wanted = isRead ? this.#profiles.begin(url.split('?', 1)[0] ?? url) : new Set<string>();
    if (isRead) this.#beginLoad();
    if (kept) {
      const html = await this.#assemble(kept.body.toString('utf8'));
      response.writeHead(200, { ...kept.headers, 'content-length': Buffer.byteLength(html) });
      response.end(html);
      onPageServed();
      return true;
    }
    // Scripts wait for it, if anything: the page need not.
    const confirmed = this.#confirm(wanted, round);
    this.#confirmed = confirmed;
    const isAnswered = await this.#proxy.handle(await builder.client(), request, response, {
      onPage: async (html, headers, isKept) => {
        if (isKept) this.#pages.keep(url, { headers, body: Buffer.from(html), etag: '' }, pageRound);
        void confirmed.then(() => this.#ahead.follow(scriptsOf(html), asScript(request.headers)));
        return this.#assemble(html);
      },
    });
    if (isAnswered) onPageServed();
    return isAnswered;
  }

  #beginLoad(): void {
    this.#isPainted = false;
    this.#isLoaded = false;
    this.#ahead.begin();
  }

  async #assemble(html: string): Promise<string> {
    const { store, memory, untilBuilt, backendPort } = this.#parts;
    await untilBuilt();
    const base = store.build?.base ?? '/';
    const { session } = memory;
    return assemblePage(html, { mode: 'vite', entry: '', vendor: '', base, session, backendPort });
  }

  /** Asks the builder which of the modules that a page is going to ask for are what they were. */
  async #confirm(wanted: ReadonlySet<string>, round: number): Promise<void> {
    const modules = this.#modules.tagsOf(wanted);
    if (modules.length === 0) return;
    const { builder, signal } = this.#parts;
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(CONFIRM_DEADLINE_MS)]);
    const urls = modules.map(({ url }) => url);
    // Without an answer nothing is confirmed, and all of them are fetched.
    const current = await builder.current?.current(modules, deadline).catch(() => null);
    if (current) this.#modules.confirm(urls, new Set(current), round);
  }
}

/** What a page's script is asked for with, by what the page was. */
function asScript(page: IncomingHttpHeaders): IncomingHttpHeaders {
  const {
    'upgrade-insecure-requests': _upgrade,
    'sec-fetch-user': _user,
    referer: _before,
    ...headers
  } = page;
  const script = { 'sec-fetch-dest': 'script', 'sec-fetch-mode': 'cors', 'sec-fetch-site': 'same-origin' };
  return { ...headers, ...script, accept: '*/*' };
}

/** A connection that broke with its builder, or a deadline of ours. */
export function isConnectionError(error: unknown): boolean {
  const { code, name } = error as NodeJS.ErrnoException;
  return code !== undefined || name === 'AbortError' || name === 'TimeoutError';
}
