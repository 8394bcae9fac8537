import type { ConsoleLine } from '#shared/frame/live.ts';
import type { ConsoleEntry } from '#shared/realtime/console-entry.ts';
import type { NetworkLog } from '../../proxy/network-log.ts';
import type { FrontendContext } from '../frontend.ts';
import type { Told } from './live-server.ts';
import { PageRequests } from './page-requests.ts';
import { RateLimit } from './rate-limit.ts';

/** Console lines taken from the pages of one environment; a flood is cut. */
const MAX_LINES_PER_SECOND = 500;

export interface PageReportsParts {
  emit: FrontendContext['emit'];
  onStep: FrontendContext['onStep'];
  network: Pick<NetworkLog, 'begin'>;
  /** Puts places in the sources in place of those of the served modules; left out where nobody knows them. */
  withSources?(line: ConsoleLine): Promise<ConsoleLine>;
}

/** What pages tell of themselves, on its way to the environment's channels. */
export class PageReports {
  readonly #parts: PageReportsParts;
  readonly #requests: PageRequests;
  readonly #limit = new RateLimit(MAX_LINES_PER_SECOND);
  /** Lines are told in their order, though the places of some have to be looked up. */
  #told: Promise<void> = Promise.resolve();
  #flooded = false;

  constructor(parts: PageReportsParts) {
    this.#parts = parts;
    this.#requests = new PageRequests(parts.network);
  }

  /** Whether it was something a page tells of itself. */
  take(message: Told, frameId: string): boolean {
    const { emit, onStep } = this.#parts;
    switch (message.type) {
      case 'console':
        for (const line of message.lines) this.#line(line);
        return true;
      case 'requests':
        for (const request of message.requests) this.#requests.take(frameId, request);
        return true;
      case 'route':
        emit({ channel: 'preview', data: { type: 'route_change', route: message.route, frameId } });
        return true;
      case 'painted': {
        onStep('paint', 'done');
        const { durationMs } = message;
        emit({ channel: 'preview', data: { type: 'painted', durationMs, frameId } });
        return true;
      }
      case 'performance': {
        const { performance } = message;
        emit({ channel: 'preview', data: { type: 'performance', performance, frameId } });
        return true;
      }
      case 'links':
        emit({ channel: 'preview', data: { type: 'links', routes: message.routes, frameId } });
        return true;
      default:
        return false;
    }
  }

  /** A page is gone. */
  left(frameId: string): void {
    this.#requests.left(frameId);
  }

  #line(line: ConsoleLine): void {
    const { withSources = async (same: ConsoleLine) => same } = this.#parts;
    const passes = this.#limit.take();
    if (passes)
      this.#told = this.#told.then(async () =>
        this.#emit({ source: 'browser', ...(await withSources(line)) }),
      );
    else if (!this.#flooded) {
      const text = `The page prints more than ${MAX_LINES_PER_SECOND} lines a second; the rest is left out.`;
      this.#emit({ at: Date.now(), source: 'vitrine', level: 'warn', text });
    }
    this.#flooded = !passes;
  }

  #emit(entry: ConsoleEntry): void {
    this.#parts.emit({ channel: 'logs', data: { type: 'console', entry } });
  }
}
