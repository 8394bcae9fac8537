import type { NetworkRequest } from '#shared/api/network.ts';

/** Requests kept per environment. */
const MAX_REQUESTS = 500;
const MAX_URL_LENGTH = 2_000;

/** What went through one environment's proxy, the newest last. */
export class NetworkLog {
  readonly #requests: NetworkRequest[] = [];
  readonly #onChange: (request: NetworkRequest) => void;
  #nextId = 1;

  constructor(onChange: (request: NetworkRequest) => void) {
    this.#onChange = onChange;
  }

  begin(method: string, url: string, kind: NetworkRequest['kind']): NetworkRequest {
    const request: NetworkRequest = {
      id: this.#nextId++,
      startedAt: Date.now(),
      method,
      url: url.slice(0, MAX_URL_LENGTH),
      requestBytes: 0,
      responseBytes: 0,
      initiator: 'browser',
      kind,
    };
    this.#requests.push(request);
    if (this.#requests.length > MAX_REQUESTS) this.#requests.shift();
    return request;
  }

  end(request: NetworkRequest, outcome: Partial<NetworkRequest>): void {
    if (request.durationMs !== undefined) return;
    Object.assign(request, outcome, { durationMs: Date.now() - request.startedAt });
    this.#onChange({ ...request });
  }

  list(): NetworkRequest[] {
    return this.#requests.map((request) => ({ ...request }));
  }
}
