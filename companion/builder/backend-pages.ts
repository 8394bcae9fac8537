import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Evaluation } from '#shared/api/evaluate.ts';
import { LIVE_PATH, WORKER_PATH } from '#shared/frame/page.ts';
import { pageElement, sendPageFile } from './devserver/page-script.ts';
import type { Frontend, FrontendContext } from './frontend.ts';
import { LiveServer } from './host/live-server.ts';
import { PageReports } from './host/page-reports.ts';
import { WorkerLinks } from './host/worker-links.ts';

/** Pages of a project that has nothing but a backend: they have a console and answer questions like others. */
export class BackendPages implements Frontend {
  readonly pageElement = pageElement;
  readonly #reports: PageReports;
  readonly #workers = new WorkerLinks((message, id) => this.#reports.take(message, id));
  readonly #live: LiveServer;

  constructor(context: Pick<FrontendContext, 'emit' | 'network'>) {
    this.#reports = new PageReports({ ...context, onStep: () => undefined });
    this.#live = new LiveServer({
      onHello: () => [],
      onMessage: (message, frameId) => void this.#reports.take(message, frameId),
      onGone: () => undefined,
      onPages: () => undefined,
    });
  }

  get pages(): number {
    return this.#live.pages;
  }

  handle(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    return sendPageFile(request, response);
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    const [path] = (request.url ?? '').split('?', 1);
    if (path !== LIVE_PATH && path !== WORKER_PATH) return false;
    (path === LIVE_PATH ? this.#live : this.#workers).upgrade(request, socket, head);
    return true;
  }

  /** The backend itself looks after them. */
  filesChanged(): void {}

  evaluate(frameId: string, source: string, signal: AbortSignal): Promise<Evaluation> {
    return this.#live.evaluate(frameId, source, signal);
  }

  async close(): Promise<void> {
    this.#live.close();
    this.#workers.close();
  }
}
