import { z } from 'zod';
import { type AttemptList, attemptListSchema } from '#shared/api/attempt.ts';
import {
  type ConfigDraft,
  type ConfigFile,
  configDraftSchema,
  configFileSchema,
  type WriteConfig,
} from '#shared/api/config.ts';
import {
  type CreatedEnvironment,
  type CreateEnvironment,
  createdEnvironmentSchema,
  type Environment,
  type EnvironmentDetail,
  environmentDetailSchema,
  environmentListSchema,
  environmentSchema,
} from '#shared/api/environment.ts';
import { type Evaluate, type Evaluation, evaluationSchema } from '#shared/api/evaluate.ts';
import { type Feedback, type Metrics, metricsSchema } from '#shared/api/metrics.ts';
import { type MetricsHistory, metricsHistorySchema } from '#shared/api/metrics-history.ts';
import {
  type NetworkList,
  type NetworkQuery,
  type NetworkRequestDetail,
  networkListSchema,
  networkRequestDetailSchema,
  type Replayed,
  replayedSchema,
} from '#shared/api/network.ts';
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
import { type UsageSample, usageListSchema } from '#shared/api/usage.ts';
import type { ConfigEdits } from '#shared/config/editable.ts';
import { errorBodySchema, VitrineError } from '#shared/errors.ts';
import { signedOut, unexpectedAnswer, unreachable } from './client-errors.ts';
import type { CompanionAddress } from './connection.ts';

/** How long an ordinary call may take. All of them are answered from memory or a few git calls. */
const CALL_DEADLINE_MS = 15_000;
/** Creating may have to ask a board and a repository first. */
const CREATE_DEADLINE_MS = 60_000;

/** git on a large repository. */
const SOURCE_DEADLINE_MS = 30_000;

const healthSchema = z.object({ ok: z.literal(true), name: z.literal('vitrine'), version: z.string() });
export type Health = z.infer<typeof healthSchema>;

interface Call {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  body?: unknown;
  deadlineMs?: number;
  signal?: AbortSignal | undefined;
}

/**
 * The companion's REST API. Every call rejects with a {@link VitrineError}: the companion's own words where it
 * answered, `COMPANION_UNREACHABLE` where it did not, `UNEXPECTED_ANSWER` where the answer is not of the contract.
 * An aborted call rejects with the signal's reason.
 */
export class CompanionClient {
  readonly address: CompanionAddress;

  constructor(address: CompanionAddress) {
    this.address = address;
  }

  /** Whether a companion answers at all; needs no right. */
  health(signal?: AbortSignal): Promise<Health> {
    return this.#json('/healthz', healthSchema, { signal });
  }

  async listEnvironments(signal?: AbortSignal): Promise<Environment[]> {
    return (await this.#json('/api/environments', environmentListSchema, { signal })).environments;
  }

  /** One environment, with a preview address that is good for one navigation. */
  getEnvironment(id: string, signal?: AbortSignal): Promise<EnvironmentDetail> {
    return this.#json(environmentPath(id), environmentDetailSchema, { signal });
  }

  /** Starts an environment, or finds the one that the attempt has already. */
  createEnvironment(request: CreateEnvironment, signal?: AbortSignal): Promise<CreatedEnvironment> {
    return this.#json('/api/environments', createdEnvironmentSchema, {
      method: 'POST',
      body: request,
      deadlineMs: CREATE_DEADLINE_MS,
      signal,
    });
  }

  /** Says whether the preview was useful. */
  sendFeedback(id: string, feedback: Feedback, signal?: AbortSignal): Promise<Environment> {
    return this.#json(`${environmentPath(id)}/feedback`, environmentSchema, {
      method: 'POST',
      body: feedback,
      signal,
    });
  }

  /** What the worktree's environment.yaml says of the keys that can be changed. */
  getConfig(id: string, signal?: AbortSignal): Promise<ConfigFile> {
    return this.#json(`${environmentPath(id)}/config`, configFileSchema, { signal });
  }

  /** The file as it is and as it would be; nothing is written. */
  draftConfig(id: string, edits: ConfigEdits, signal?: AbortSignal): Promise<ConfigDraft> {
    const call = { method: 'POST', body: { edits }, signal } as const;
    return this.#json(`${environmentPath(id)}/config/draft`, configDraftSchema, call);
  }

  /** Writes what a draft showed. Rejects with SOURCE_CHANGED where the file is another one by now. */
  writeConfig(id: string, change: WriteConfig, signal?: AbortSignal): Promise<ConfigFile> {
    const call = { method: 'PUT', body: change, signal } as const;
    return this.#json(`${environmentPath(id)}/config`, configFileSchema, call);
  }

  /** Runs a text in one open page of the preview. */
  evaluate(id: string, request: Evaluate, signal?: AbortSignal): Promise<Evaluation> {
    return this.#json(`${environmentPath(id)}/evaluate`, evaluationSchema, {
      method: 'POST',
      body: request,
      signal,
    });
  }

  suspendEnvironment(id: string, signal?: AbortSignal): Promise<Environment> {
    return this.#act(id, 'suspend', signal);
  }

  resumeEnvironment(id: string, signal?: AbortSignal): Promise<Environment> {
    return this.#act(id, 'resume', signal);
  }

  restartEnvironment(id: string, signal?: AbortSignal): Promise<Environment> {
    return this.#act(id, 'restart', signal);
  }

  /** Tries again what failed, and only that where the rest of it runs. */
  retryEnvironment(id: string, signal?: AbortSignal): Promise<Environment> {
    return this.#act(id, 'retry', signal);
  }

  /** Ends the environment and frees what it held. The worktree stays. */
  async terminateEnvironment(id: string, signal?: AbortSignal): Promise<void> {
    await this.#request(environmentPath(id), { method: 'DELETE', deadlineMs: CREATE_DEADLINE_MS, signal });
  }

  /** What went through the environment's proxy, or tried to leave its sandbox, after a cursor. */
  listNetwork(id: string, query: Partial<NetworkQuery>, signal?: AbortSignal): Promise<NetworkList> {
    const parameters = new URLSearchParams(
      Object.entries(query).map(([name, value]) => [name, String(value)]),
    );
    return this.#json(`${environmentPath(id)}/network?${parameters}`, networkListSchema, { signal });
  }

  /** Everything that is kept of one request. */
  getNetworkRequest(id: string, requestId: number, signal?: AbortSignal): Promise<NetworkRequestDetail> {
    return this.#json(`${environmentPath(id)}/network/${requestId}`, networkRequestDetailSchema, { signal });
  }

  /** Sends a kept request of the page once more. */
  replayRequest(id: string, requestId: number, signal?: AbortSignal): Promise<Replayed> {
    return this.#json(`${environmentPath(id)}/network/${requestId}/replay`, replayedSchema, {
      method: 'POST',
      deadlineMs: CREATE_DEADLINE_MS,
      signal,
    });
  }

  async clearNetwork(id: string, signal?: AbortSignal): Promise<void> {
    await this.#request(`${environmentPath(id)}/network`, { method: 'DELETE', signal });
  }

  /** All kept requests as the text of a HAR file. */
  exportHar(id: string, signal?: AbortSignal): Promise<string> {
    return this.#request(`${environmentPath(id)}/network.har`, { deadlineMs: CREATE_DEADLINE_MS, signal });
  }

  /** Lets the environment's sandbox reach a host from now on. */
  async allowHost(id: string, host: string, signal?: AbortSignal): Promise<void> {
    await this.#request(`${environmentPath(id)}/egress`, { method: 'POST', body: { host }, signal });
  }

  /** What the environment used lately, the oldest first; empty where it is not measured. */
  async getUsage(id: string, signal?: AbortSignal): Promise<UsageSample[]> {
    return (await this.#json(`${environmentPath(id)}/usage`, usageListSchema, { signal })).samples;
  }

  getMetrics(signal?: AbortSignal): Promise<Metrics> {
    return this.#json('/api/metrics', metricsSchema, { signal });
  }

  getMetricsHistory(signal?: AbortSignal): Promise<MetricsHistory> {
    return this.#json('/api/metrics/history', metricsHistorySchema, { signal });
  }

  /** The worktree's files and how they differ from where the attempt began. */
  getTree(id: string, signal?: AbortSignal): Promise<SourceTree> {
    return this.#json(`${environmentPath(id)}/tree`, sourceTreeSchema, {
      deadlineMs: SOURCE_DEADLINE_MS,
      signal,
    });
  }

  getSource(id: string, path: string, signal?: AbortSignal): Promise<SourceFile> {
    const query = new URLSearchParams({ path });
    return this.#json(`${environmentPath(id)}/source?${query}`, sourceFileSchema, { signal });
  }

  /** Writes a file over the version it was made from; rejects with SOURCE_CHANGED where it is another one by now. */
  async putSource(id: string, file: WriteSource, signal?: AbortSignal): Promise<string> {
    const call = { method: 'PUT', body: file, signal } as const;
    return (await this.#json(`${environmentPath(id)}/source`, writtenSourceSchema, call)).version;
  }

  /** A file as it was where the attempt began. */
  getBaseFile(id: string, path: string, signal?: AbortSignal): Promise<BaseFile> {
    const query = new URLSearchParams({ path });
    return this.#json(`${environmentPath(id)}/base?${query}`, baseFileSchema, { signal });
  }

  searchSource(id: string, query: SearchQuery, signal?: AbortSignal): Promise<SearchResult> {
    const parameters = new URLSearchParams(Object.entries(query));
    return this.#json(`${environmentPath(id)}/search?${parameters}`, searchResultSchema, {
      deadlineMs: SOURCE_DEADLINE_MS,
      signal,
    });
  }

  /** Attempts of every added repository and board; a source that could not be read carries its failure. */
  listAttempts(signal?: AbortSignal): Promise<AttemptList> {
    return this.#json('/api/attempts', attemptListSchema, { deadlineMs: CREATE_DEADLINE_MS, signal });
  }

  async addRepository(path: string, signal?: AbortSignal): Promise<void> {
    await this.#request('/api/repositories', { method: 'POST', body: { path }, signal });
  }

  async removeRepository(path: string, signal?: AbortSignal): Promise<void> {
    await this.#request('/api/repositories', { method: 'DELETE', body: { path }, signal });
  }

  async addBoard(url: string, signal?: AbortSignal): Promise<void> {
    await this.#request('/api/boards', { method: 'POST', body: { url }, signal });
  }

  async removeBoard(url: string, signal?: AbortSignal): Promise<void> {
    await this.#request('/api/boards', { method: 'DELETE', body: { url }, signal });
  }

  #act(
    id: string,
    action: 'suspend' | 'resume' | 'restart' | 'retry',
    signal?: AbortSignal,
  ): Promise<Environment> {
    return this.#json(`${environmentPath(id)}/${action}`, environmentSchema, {
      method: 'POST',
      deadlineMs: CREATE_DEADLINE_MS,
      signal,
    });
  }

  async #json<T>(path: string, schema: z.ZodType<T>, call: Call): Promise<T> {
    const text = await this.#request(path, call);
    const parsed = schema.safeParse(parseJson(text));
    if (parsed.success) return parsed.data;
    throw unexpectedAnswer(path, parsed.error);
  }

  /** Resolves with the body's text; rejects unless the status is 2xx. */
  async #request(path: string, { method = 'GET', body, deadlineMs = CALL_DEADLINE_MS, signal }: Call) {
    const deadline = AbortSignal.timeout(deadlineMs);
    const headers: Record<string, string> = { Accept: 'application/json' };
    if (this.address.token !== undefined) headers.Authorization = `Bearer ${this.address.token}`;
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    let status: number;
    let text: string;
    try {
      const response = await fetch(new URL(path, this.address.baseUrl), {
        method,
        headers,
        body: body === undefined ? undefined : JSON.stringify(body),
        cache: 'no-store',
        credentials: this.address.token === undefined ? 'same-origin' : 'omit',
        redirect: 'error',
        signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
      });
      status = response.status;
      text = await response.text();
    } catch (cause) {
      signal?.throwIfAborted();
      throw unreachable(this.address.baseUrl, cause, deadline.aborted ? deadlineMs : undefined);
    }
    if (status >= 200 && status < 300) return text;
    throw failureOf(path, status, text);
  }
}

function failureOf(path: string, status: number, text: string): VitrineError {
  const parsed = errorBodySchema.safeParse(parseJson(text));
  if (parsed.success) return new VitrineError({ ...parsed.data.error, status });
  if (status === 401) return signedOut();
  return unexpectedAnswer(path, `status ${status}`, status);
}

function environmentPath(id: string): string {
  return `/api/environments/${encodeURIComponent(id)}`;
}

/** Undefined, which no schema accepts, for what is not JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
