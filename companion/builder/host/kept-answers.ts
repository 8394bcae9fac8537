import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { MAX_ANSWER_BYTES } from '../answer-stream.ts';
import { isSameOrigin } from './page-questions.ts';

/** Answers kept for one environment, bytes; the ones kept longest ago go first. */
export const MAX_KEPT_BYTES = 16 * 1024 * 1024;
/** What one costs beside its body, about: headers and an entry. */
const OVERHEAD_BYTES = 2 * 1024;

export interface Answer {
  headers: OutgoingHttpHeaders;
  body: Buffer;
  etag: string;
}

interface Kept extends Answer {
  /** In which round it was known to hold. */
  round: number;
}

/**
 * Modules that the builder answered, so that a page which is opened again need not take each from it once more. They
 * hold as long as nothing changed: from then on each has to be confirmed before it is given out.
 */
export class KeptAnswers {
  readonly #answers = new Map<string, Kept>();
  #bytes = 0;
  #round = 0;

  /** Counts what may have changed an answer. */
  get round(): number {
    return this.#round;
  }

  /** Something changed that answers may depend on. */
  doubt(): void {
    this.#round += 1;
  }

  /** What the builder would answer now, as far as that is known. */
  find(url: string): Answer | null {
    const kept = this.#answers.get(url);
    return kept?.round === this.#round ? kept : null;
  }

  /** `round` is the one in which it was asked for: nothing may have changed since. */
  keep(url: string, answer: Answer, round: number): void {
    this.#drop(url);
    if (round !== this.#round || answer.body.length > MAX_ANSWER_BYTES) return;
    this.#answers.set(url, { ...answer, round });
    this.#bytes += answer.body.length + OVERHEAD_BYTES;
    for (const [oldest] of this.#answers) {
      if (this.#bytes <= MAX_KEPT_BYTES) break;
      this.#drop(oldest);
    }
  }

  /** URLs of what holds now. */
  get current(): string[] {
    return [...this.#answers].flatMap(([url, { round }]) => (round === this.#round ? [url] : []));
  }

  /** Those of the URLs that are kept, with the tags they came with. */
  tagsOf(urls: Iterable<string>): { url: string; etag: string }[] {
    return [...urls].flatMap((url) => {
      const kept = this.#answers.get(url);
      return kept ? [{ url, etag: kept.etag }] : [];
    });
  }

  /** The builder said in this round which of those it was asked for are what it would answer. */
  confirm(asked: Iterable<string>, current: ReadonlySet<string>, round: number): void {
    for (const url of asked) {
      const kept = this.#answers.get(url);
      if (!kept) continue;
      if (current.has(url)) kept.round = round;
      else this.#drop(url);
    }
  }

  #drop(url: string): void {
    const kept = this.#answers.get(url);
    if (kept) this.#bytes -= kept.body.length + OVERHEAD_BYTES;
    this.#answers.delete(url);
  }
}

/**
 * Whether a page of the preview asks for a script: the same address may be something else to a style sheet's link, a
 * worker, a fetch or a foreign page.
 */
export const isScriptRequest = (request: IncomingMessage): boolean =>
  request.method === 'GET' &&
  request.headers['sec-fetch-dest'] === 'script' &&
  request.headers.range === undefined &&
  request.headers.authorization === undefined &&
  (request.headers.origin === undefined || isSameOrigin(request));

/** What those who ask for the same do not differ in, for {@link isScriptRequest} and pages. */
const SETTLED = /^(?:origin|sec-fetch-dest)?$/i;

/** Whether an answer may be given to the next one who asks. */
export const isKeepable = ({ headers }: Pick<IncomingMessage, 'headers'>): boolean =>
  headers.etag !== undefined &&
  headers['set-cookie'] === undefined &&
  headers['content-encoding'] === undefined &&
  !/no-store|private/.test(headers['cache-control'] ?? '') &&
  (headers.vary ?? '').split(',').every((name) => SETTLED.test(name.trim()));

/**
 * Sends a kept answer to a page's script; only that it holds where the browser has it. Browsers read a policy in each
 * answer, which took a tenth of a page's time, and keep none of a script's: a document or worker of the same address,
 * for which one counts, is asked for anew.
 */
export function sendKept(
  request: IncomingMessage,
  response: ServerResponse,
  { headers, body, etag }: Answer,
): void {
  if (headers['cache-control'] === 'no-cache') response.removeHeader('content-security-policy');
  if (request.headers['if-none-match'] === etag) {
    const { 'content-type': _type, 'content-length': _length, ...rest } = headers;
    response.writeHead(304, rest).end();
  } else response.writeHead(200, { ...headers, 'content-length': body.length }).end(body);
}
