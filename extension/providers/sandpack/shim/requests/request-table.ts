import type { PageRequest } from '#shared/frame/page-request.ts';
import { report } from '../../frame-state.ts';

const MAX_URL = 2_000;
const MAX_ERROR = 500;
/** Requests that may still be found by their address. */
const MAX_FOUND = 200;

export type RequestNews = Partial<Omit<PageRequest, 'id' | 'url' | 'startedAt'>>;

/** One request of the page to another host. */
export class KnownRequest {
  readonly url: string;
  #told: PageRequest;

  constructor(told: PageRequest) {
    this.url = told.url;
    this.#told = told;
  }

  get isOver(): boolean {
    return this.#told.durationMs !== undefined;
  }

  /** The browser measured it. */
  isTimed = false;

  get isBlocked(): boolean {
    return this.#told.policy !== undefined;
  }

  /** Tells what became of it. */
  goesOn(news: RequestNews): void {
    this.#told = { ...this.#told, ...news, ...(news.error && { error: news.error.slice(0, MAX_ERROR) }) };
    report({ type: 'request', request: this.#told });
  }

  timed(news: RequestNews): void {
    this.isTimed = true;
    this.goesOn(news);
  }

  ends(news: RequestNews = {}): void {
    this.goesOn({ durationMs: Math.max(0, Date.now() - this.#told.startedAt), ...news });
  }
}

let lastId = 0;
const found: KnownRequest[] = [];

/** Null for what is no other host's: the companion sees the page's own requests itself. */
export function otherHost(url: string | URL): string | null {
  try {
    const { origin, protocol, href } = new URL(url, globalThis.document?.baseURI ?? location.href);
    const isOther = origin.replace(/^ws/, 'http') !== location.origin && /^(?:http|ws)s?:$/.test(protocol);
    return isOther ? href.replace(/#.*$/, '').slice(0, MAX_URL) : null;
  } catch {
    return null; // whoever is asked for it says so
  }
}

/** Begins to tell of a request; null for one that is not to be told. */
export function begin(
  url: string | URL,
  { method = 'GET', kind = 'http', startedAt = Date.now(), ...news }: RequestNews & { startedAt?: number },
): KnownRequest | null {
  const address = otherHost(url);
  if (address === null) return null;
  const id = lastId++;
  const request = new KnownRequest({ id, startedAt, method: method.slice(0, 30), url: address, kind });
  found.push(request);
  if (found.length > MAX_FOUND) found.shift();
  request.goesOn(news);
  return request;
}

/** The newest one to this address that is as wanted. */
export function find(
  url: string,
  isWanted: (request: KnownRequest) => boolean = () => true,
): KnownRequest | undefined {
  const address = url.replace(/#.*$/, '').slice(0, MAX_URL);
  return found.findLast((request) => request.url === address && isWanted(request));
}
