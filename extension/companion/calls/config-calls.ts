import {
  type ConfigDraft,
  type ConfigFile,
  configDraftSchema,
  configFileSchema,
  type WriteConfig,
} from '#shared/api/config.ts';
import type { ConfigEdits } from '#shared/config/editable.ts';
import { type ApiTransport, environmentPath } from '../api-transport.ts';

/** The environment.yaml of an environment's worktree. */
export class ConfigCalls {
  readonly #transport: ApiTransport;

  constructor(transport: ApiTransport) {
    this.#transport = transport;
  }

  /** What it says of the keys that can be changed. */
  get(id: string, signal?: AbortSignal): Promise<ConfigFile> {
    return this.#transport.json(`${environmentPath(id)}/config`, configFileSchema, { signal });
  }

  /** The file as it is and as it would be; nothing is written. */
  draft(id: string, edits: ConfigEdits, signal?: AbortSignal): Promise<ConfigDraft> {
    const call = { method: 'POST', body: { edits }, signal } as const;
    return this.#transport.json(`${environmentPath(id)}/config/draft`, configDraftSchema, call);
  }

  /** Writes what a draft showed. Rejects with SOURCE_CHANGED where the file is another one by now. */
  write(id: string, change: WriteConfig, signal?: AbortSignal): Promise<ConfigFile> {
    const call = { method: 'PUT', body: change, signal } as const;
    return this.#transport.json(`${environmentPath(id)}/config`, configFileSchema, call);
  }
}
