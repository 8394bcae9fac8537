import {
  type NetworkList,
  type NetworkQuery,
  type NetworkRequestDetail,
  networkListSchema,
  networkRequestDetailSchema,
  type Replayed,
  replayedSchema,
} from '#shared/api/network.ts';
import { type ApiTransport, environmentPath, LONG_DEADLINE_MS } from '../api-transport.ts';

/** What went through an environment's proxy, or tried to leave its sandbox, and what may leave it. */
export class NetworkCalls {
  readonly #transport: ApiTransport;

  constructor(transport: ApiTransport) {
    this.#transport = transport;
  }

  /** What came or changed after a cursor. */
  list(id: string, query: Partial<NetworkQuery>, signal?: AbortSignal): Promise<NetworkList> {
    const parameters = new URLSearchParams(
      Object.entries(query).map(([name, value]) => [name, String(value)]),
    );
    return this.#transport.json(`${pathOf(id)}?${parameters}`, networkListSchema, { signal });
  }

  /** Everything that is kept of one request. */
  get(id: string, requestId: number, signal?: AbortSignal): Promise<NetworkRequestDetail> {
    return this.#transport.json(`${pathOf(id)}/${requestId}`, networkRequestDetailSchema, { signal });
  }

  /** Sends a kept request of the page once more. */
  replay(id: string, requestId: number, signal?: AbortSignal): Promise<Replayed> {
    const call = { method: 'POST', deadlineMs: LONG_DEADLINE_MS, signal } as const;
    return this.#transport.json(`${pathOf(id)}/${requestId}/replay`, replayedSchema, call);
  }

  async clear(id: string, signal?: AbortSignal): Promise<void> {
    await this.#transport.text(pathOf(id), { method: 'DELETE', signal });
  }

  /** All kept requests as the text of a HAR file. */
  exportHar(id: string, signal?: AbortSignal): Promise<string> {
    return this.#transport.text(`${pathOf(id)}.har`, { deadlineMs: LONG_DEADLINE_MS, signal });
  }

  /** Lets the environment's sandbox reach a host from now on. */
  async allowHost(id: string, host: string, signal?: AbortSignal): Promise<void> {
    await this.#transport.text(`${environmentPath(id)}/egress`, { method: 'POST', body: { host }, signal });
  }
}

const pathOf = (id: string): string => `${environmentPath(id)}/network`;
