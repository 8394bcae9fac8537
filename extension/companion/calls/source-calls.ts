import {
  type BaseFile,
  baseFileSchema,
  type SearchQuery,
  type SearchResult,
  type SourceFile,
  type SourceTree,
  searchResultSchema,
  sourceFileSchema,
  sourceTreeSchema,
  type WriteSource,
  writtenSourceSchema,
} from '#shared/api/source.ts';
import { type ApiTransport, environmentPath } from '../api-transport.ts';

/** git on a large repository. */
const SOURCE_DEADLINE_MS = 30_000;

/** The files of an environment's worktree. */
export class SourceCalls {
  readonly #transport: ApiTransport;

  constructor(transport: ApiTransport) {
    this.#transport = transport;
  }

  /** All of them, and how they differ from where the attempt began. */
  tree(id: string, signal?: AbortSignal): Promise<SourceTree> {
    const call = { deadlineMs: SOURCE_DEADLINE_MS, signal };
    return this.#transport.json(`${environmentPath(id)}/tree`, sourceTreeSchema, call);
  }

  get(id: string, path: string, signal?: AbortSignal): Promise<SourceFile> {
    const query = new URLSearchParams({ path });
    return this.#transport.json(`${environmentPath(id)}/source?${query}`, sourceFileSchema, { signal });
  }

  /** Writes a file over the version it was made from; rejects with SOURCE_CHANGED where it is another one by now. */
  async put(id: string, file: WriteSource, signal?: AbortSignal): Promise<string> {
    const call = { method: 'PUT', body: file, signal } as const;
    return (await this.#transport.json(`${environmentPath(id)}/source`, writtenSourceSchema, call)).version;
  }

  /** A file as it was where the attempt began. */
  getBase(id: string, path: string, signal?: AbortSignal): Promise<BaseFile> {
    const query = new URLSearchParams({ path });
    return this.#transport.json(`${environmentPath(id)}/base?${query}`, baseFileSchema, { signal });
  }

  search(id: string, query: SearchQuery, signal?: AbortSignal): Promise<SearchResult> {
    const parameters = new URLSearchParams(Object.entries(query));
    const call = { deadlineMs: SOURCE_DEADLINE_MS, signal };
    return this.#transport.json(`${environmentPath(id)}/search?${parameters}`, searchResultSchema, call);
  }
}
