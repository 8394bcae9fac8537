import type { PageRequest } from '#shared/frame/page-request.ts';
import type { NetworkLog } from '../../proxy/network-log.ts';
import type { Recording } from '../../proxy/recording/recording.ts';
import { RateLimit } from './rate-limit.ts';

/** Requests of all pages that may still be told more of. */
const MAX_KNOWN = 500;
/** Taken from the pages of one environment; a flood is cut. */
const MAX_PER_SECOND = 300;

/** Puts what pages ask of other hosts into the network log, as they tell it. */
export class PageRequests {
  readonly #log: Pick<NetworkLog, 'begin'>;
  readonly #known = new Map<string, Recording>();
  readonly #limit = new RateLimit(MAX_PER_SECOND);

  constructor(log: Pick<NetworkLog, 'begin'>) {
    this.#log = log;
  }

  take(frameId: string, request: PageRequest): void {
    if (!this.#limit.take()) return;
    const key = `${frameId} ${request.id}`;
    const recording = this.#known.get(key) ?? this.#begin(key, request);
    const { mimeType, bytes, status, durationMs, error, cancelled, policy } = request;
    const responseHeaders = mimeType === undefined ? undefined : ['content-type', mimeType];
    recording.account({
      status,
      durationMs,
      error,
      cancelled,
      policy,
      responseBytes: bytes,
      responseHeaders,
    });
  }

  /** A page is gone, and with it what it waited for. */
  left(frameId: string): void {
    for (const [key, recording] of this.#known)
      if (key.startsWith(`${frameId} `) && !recording.isOver)
        recording.end({ isCancelled: recording.kind === 'http' });
  }

  #begin(key: string, { method, url, kind, startedAt }: PageRequest): Recording {
    const recording = this.#log.begin({
      method,
      url,
      kind,
      since: performance.now() - Math.max(0, Date.now() - startedAt),
      initiator: 'browser',
      httpVersion: '',
      rawHeaders: [],
      isDirect: true,
    });
    this.#known.set(key, recording);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MAX_KNOWN && oldest !== undefined) this.#known.delete(oldest);
    return recording;
  }
}
