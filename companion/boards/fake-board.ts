import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { isIPv4 } from 'node:net';

/** What a fake board answers at a path (with query): data in Vibe Kanban's envelope, or anything by hand. */
export type FakeAnswer = { data: unknown } | ((request: IncomingMessage, response: ServerResponse) => void);

/** A board made for tests: a small HTTP server that answers what it is told, and a page everywhere else. */
export class FakeBoard {
  readonly answers = new Map<string, FakeAnswer>();
  /** Requests so far, as `path?query`. */
  readonly requests: string[] = [];
  /** Headers of the last request. */
  headers: IncomingMessage['headers'] = {};
  readonly #server = createServer((request, response) => this.#answer(request, response));

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    if (address === null || typeof address === 'string' || !isIPv4(address.address))
      throw new Error('no port');
    return `http://127.0.0.1:${address.port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? '';
    this.requests.push(path);
    this.headers = request.headers;
    const answer = this.answers.get(path);
    if (answer === undefined) {
      response.setHeader('content-type', 'text/html');
      response.end('<!doctype html><title>vibe-kanban</title>');
    } else if (typeof answer === 'function') {
      answer(request, response);
    } else {
      sendEnvelope(response, { success: true, data: answer.data, error_data: null, message: null });
    }
  }
}

export function sendEnvelope(response: ServerResponse, body: object): void {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(body));
}
