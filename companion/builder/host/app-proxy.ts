import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { UNTAKEN_HEADER } from '#shared/frame/page.ts';
import { isNavigation } from '../../proxy/pages.ts';
import { PREVIEW_COOKIE, withoutCookies } from '../../security/cookies.ts';
import { MAX_ANSWER_BYTES } from '../answer-stream.ts';
import type { AheadHead } from '../protocol.ts';
import type { BuilderClient } from './builder-client.ts';
import { type Answer, isKeepable } from './kept-answers.ts';
import type { PageMemory } from './page-memory.ts';
import { isJavaScriptType, isWorkerRequest, watchedAnswer } from './worker-script.ts';

/** Longest page taken from a builder, bytes. */
const MAX_PAGE_BYTES = 8 * 1024 * 1024;
/** Headers that speak of one connection (RFC 9110, 7.6.1), and what the companion says itself. */
const OWN_HEADERS = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'content-security-policy',
  'x-frame-options',
  'referrer-policy',
  UNTAKEN_HEADER,
]);
/** Made once: each has a stack, and there is one for every request of a page that is left. */
const GONE = new Error('The browser went away.');

export interface AnswerHandlers {
  /** Makes a preview of a page's text. `isKept`: Vite would answer the same again. */
  onPage?(html: string, headers: OutgoingHttpHeaders, isKept: boolean): Promise<string>;
  /** Gets the whole of a module that was sent. */
  onModule?: ((answer: Answer) => void) | null;
}

/** Passes browsers' requests to the project's own dev server in the builder. */
export class AppProxy {
  readonly #memory: PageMemory;
  /** Without one, the dev server's word for what is not there is the last, as for anybody who runs it. */
  readonly #hasBackend: boolean;

  constructor(memory: PageMemory, hasBackend: boolean) {
    this.#memory = memory;
    this.#hasBackend = hasBackend;
  }

  /** False, having touched nothing, when the dev server has nothing for the request. */
  async handle(
    client: BuilderClient,
    request: IncomingMessage,
    response: ServerResponse,
    { onPage, onModule }: AnswerHandlers,
  ): Promise<boolean> {
    const url = request.url ?? '/';
    const gone = new AbortController();
    response.once('close', () => {
      if (!response.writableFinished) gone.abort(GONE);
    });
    // It went away while something was waited for.
    if (response.destroyed) return true;
    const wantsPage = isNavigation(request);
    const isWorker = isWorkerRequest(request);
    const isWhole = wantsPage || isWorker;
    const answer = await client.forward(request, headersFor(request.headers, isWhole), gone.signal);
    const status = answer.statusCode ?? 502;
    // Vite's page for an error of its own says no type.
    if (wantsPage && status === 500) answer.headers['content-type'] ??= 'text/html';
    const isPage = /^text\/html\b/.test(answer.headers['content-type'] ?? '');
    const isUntaken = answer.headers[UNTAKEN_HEADER] !== undefined;
    if (isUntaken && this.#isAnothers(status, wantsPage, isPage)) {
      answer.resume();
      return false;
    }
    // A browser takes what the dev server's middlewares give out for what it is asked as, whatever they call it.
    response.removeHeader('x-content-type-options');
    const headers = headersOf(answer);
    if (isPage && wantsPage && status !== 304 && onPage) {
      delete headers.etag; // of the page without what is added
      delete headers['content-encoding'];
      headers['cache-control'] = 'no-store';
      const isKept = request.method === 'GET' && status === 200 && isPlainPage(answer);
      const html = await onPage(await textOf(answer), headers, isKept);
      response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(html) });
      response.end(request.method === 'HEAD' ? undefined : html);
      return true;
    }
    const { etag } = answer.headers;
    const isModule = etag !== undefined && isJavaScript(answer);
    if (isModule && status < 400) this.#memory.add({ url, etag });
    const had = request.headers['if-none-match'];
    if (status === 304 && had !== undefined && request.headers['sec-fetch-dest'] === 'script')
      this.#memory.add({ url, etag: had });
    if (isModule && status === 200 && onModule && isKeepable(answer))
      collect(answer, (body) => onModule({ headers, body, etag }));
    if (isWorker && status === 200 && isJavaScript(answer)) {
      const script = await watchedAnswer(answer);
      if (script) {
        delete headers.etag; // of the script without what is added
        response.writeHead(status, { ...headers, 'content-length': script.length });
        response.end(script);
        return true;
      }
    }
    response.writeHead(status, headers);
    // A browser that went away is no fault; a builder that did ends the answer.
    answer.on('error', (error) => response.destroy(error)).pipe(response);
    return true;
  }

  /** Whether what the dev server had nothing for is for whoever comes next, who may know better or say it better. */
  #isAnothers(status: number, wantsPage: boolean, isPage: boolean): boolean {
    // A script that asks for what is not there gets no page for it.
    if (this.#hasBackend) return isPage ? !wantsPage || status === 404 : status >= 400;
    // In place of a blank page. A script is told what the dev server tells it.
    return wantsPage && !isPage && status >= 400;
  }
}

/** An answer that the builder gave ahead, as a page's script would get it; null for anything else. */
export function moduleOf({ status, headers }: AheadHead, body: Buffer): Answer | null {
  const { etag } = headers;
  const answer = { headers };
  if (status !== 200 || typeof etag !== 'string' || !isKeepable(answer) || !isJavaScript(answer)) return null;
  return { headers: headersOf(answer), body, etag };
}

/** A page of Vite's own; one that a plugin renders may be another for the next who asks. */
const isPlainPage = (answer: IncomingMessage): boolean =>
  isKeepable(answer) && answer.headers['cache-control'] === 'no-cache';

const isJavaScript = ({ headers }: Pick<IncomingMessage, 'headers'>): boolean =>
  isJavaScriptType(headers['content-type']);

/** Headers of an answer that are passed on. */
const headersOf = ({ headers }: Pick<IncomingMessage, 'headers'>): OutgoingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !OWN_HEADERS.has(name)));

/** Calls back with the whole of an answer that somebody else reads; not with half of one, nor with a huge one. */
function collect(answer: IncomingMessage, onWhole: (body: Buffer) => void): void {
  let chunks: Buffer[] = [];
  let size = 0;
  answer.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= MAX_ANSWER_BYTES) chunks.push(chunk);
    else chunks = [];
  });
  answer.on('end', () => {
    if (size <= MAX_ANSWER_BYTES) onWhole(Buffer.concat(chunks));
  });
}

/** Headers of a browser's request as the builder gets them. */
export function headersFor(given: IncomingHttpHeaders, isWhole: boolean): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = { ...given };
  const cookie = withoutCookies(given.cookie, [PREVIEW_COOKIE]);
  if (cookie === undefined) delete headers.cookie;
  else headers.cookie = cookie;
  delete headers.connection;
  // It is added to: it has to come as text, and whole.
  if (isWhole) {
    delete headers['accept-encoding'];
    delete headers['if-none-match'];
    headers.accept ??= 'text/html';
  }
  return headers;
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_PAGE_BYTES) throw new Error(`The page is larger than ${MAX_PAGE_BYTES} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
