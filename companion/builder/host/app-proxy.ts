import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { isNavigation } from '../../proxy/pages.ts';
import { PREVIEW_COOKIE, withoutCookies } from '../../security/cookies.ts';
import type { BuilderClient } from './builder-client.ts';
import type { PageMemory } from './page-memory.ts';

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
]);

/** Passes browsers' requests to the project's own dev server in the builder. */
export class AppProxy {
  readonly #memory: PageMemory;

  constructor(memory: PageMemory) {
    this.#memory = memory;
  }

  /** False, having touched nothing, when the dev server has nothing for the request. */
  async handle(
    client: BuilderClient,
    request: IncomingMessage,
    response: ServerResponse,
    assemble: (html: string) => string,
  ): Promise<boolean> {
    const url = request.url ?? '/';
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const wantsPage = isNavigation(request);
    const answer = await client.forward(
      request.method ?? 'GET',
      url,
      headersFor(request, wantsPage),
      gone.signal,
    );
    const status = answer.statusCode ?? 502;
    const isPage = /^text\/html\b/.test(answer.headers['content-type'] ?? '');
    // A script that asks for what is not there gets no page for it: the backend may know better.
    const isFallback = isPage && !wantsPage && !/\.html?$/.test(url.split('?', 1)[0] ?? '');
    if (status === 404 || status === 503 || isFallback) {
      answer.resume();
      return false;
    }
    const headers = Object.fromEntries(
      Object.entries(answer.headers).filter(([name]) => !OWN_HEADERS.has(name)),
    );
    if (isPage && wantsPage && status === 200) {
      const html = assemble(await textOf(answer));
      delete headers.etag; // of the page without what was added
      delete headers['content-encoding'];
      response.writeHead(status, {
        ...headers,
        'cache-control': 'no-store',
        'content-length': Buffer.byteLength(html),
      });
      response.end(request.method === 'HEAD' ? undefined : html);
      return true;
    }
    const { etag } = answer.headers;
    const isModule = /javascript/.test(String(answer.headers['content-type']));
    if (isModule && etag !== undefined && status < 400) this.#memory.add({ url, etag });
    const had = request.headers['if-none-match'];
    if (status === 304 && had !== undefined && request.headers['sec-fetch-dest'] === 'script')
      this.#memory.add({ url, etag: had });
    response.writeHead(status, headers);
    // A browser that went away is no fault; a builder that did ends the answer.
    await pipeline(answer, response).catch(() => response.destroy());
    return true;
  }
}

function headersFor(request: IncomingMessage, wantsPage: boolean): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = { ...request.headers };
  const cookie = withoutCookies(request.headers.cookie, [PREVIEW_COOKIE]);
  if (cookie === undefined) delete headers.cookie;
  else headers.cookie = cookie;
  delete headers.connection;
  // The page is added to: it has to come as text, and whole.
  if (wantsPage) {
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
