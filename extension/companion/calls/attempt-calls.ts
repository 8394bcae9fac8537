import { type AttemptList, attemptListSchema } from '#shared/api/attempt.ts';
import { type ApiTransport, LONG_DEADLINE_MS } from '../api-transport.ts';

/** Attempts, and the repositories and boards where they are looked for. */
export class AttemptCalls {
  readonly #transport: ApiTransport;

  constructor(transport: ApiTransport) {
    this.#transport = transport;
  }

  /** Those of every added repository and board; a source that could not be read carries its failure. */
  list(signal?: AbortSignal): Promise<AttemptList> {
    return this.#transport.json('/api/attempts', attemptListSchema, { deadlineMs: LONG_DEADLINE_MS, signal });
  }

  async addRepository(path: string, signal?: AbortSignal): Promise<void> {
    await this.#transport.text('/api/repositories', { method: 'POST', body: { path }, signal });
  }

  async removeRepository(path: string, signal?: AbortSignal): Promise<void> {
    await this.#transport.text('/api/repositories', { method: 'DELETE', body: { path }, signal });
  }

  async addBoard(url: string, signal?: AbortSignal): Promise<void> {
    await this.#transport.text('/api/boards', { method: 'POST', body: { url }, signal });
  }

  async removeBoard(url: string, signal?: AbortSignal): Promise<void> {
    await this.#transport.text('/api/boards', { method: 'DELETE', body: { url }, signal });
  }
}
