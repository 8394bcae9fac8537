import type { z } from 'zod';
import { errorBodySchema, VitrineError } from '#shared/errors.ts';
import { signedOut, unexpectedAnswer, unreachable } from './client-errors.ts';
import type { CompanionAddress } from './connection.ts';

/** How long an ordinary call may take. All of them are answered from memory or a few git calls. */
const CALL_DEADLINE_MS = 15_000;
/** For what starts or ends something, or may have to ask a board and a repository first. */
export const LONG_DEADLINE_MS = 60_000;

export interface Call {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  body?: unknown;
  deadlineMs?: number;
  signal?: AbortSignal | undefined;
}

/**
 * Carries calls to one companion. Each rejects with a {@link VitrineError}: the companion's own words where it
 * answered, `COMPANION_UNREACHABLE` where it did not, `UNEXPECTED_ANSWER` where the answer is not of the contract.
 * An aborted call rejects with the signal's reason.
 */
export class ApiTransport {
  readonly #address: CompanionAddress;

  constructor(address: CompanionAddress) {
    this.#address = address;
  }

  async json<T>(path: string, schema: z.ZodType<T>, call: Call): Promise<T> {
    const text = await this.text(path, call);
    const parsed = schema.safeParse(parseJson(text));
    if (parsed.success) return parsed.data;
    throw unexpectedAnswer(path, parsed.error);
  }

  /** Resolves with the body's text; rejects unless the status is 2xx. */
  async text(
    path: string,
    { method = 'GET', body, deadlineMs = CALL_DEADLINE_MS, signal }: Call,
  ): Promise<string> {
    const { baseUrl, token } = this.#address;
    const deadline = AbortSignal.timeout(deadlineMs);
    const headers: Record<string, string> = { Accept: 'application/json' };
    if (token !== undefined) headers.Authorization = `Bearer ${token}`;
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    let status: number;
    let text: string;
    try {
      const response = await fetch(new URL(path, baseUrl), {
        method,
        headers,
        body: body === undefined ? undefined : JSON.stringify(body),
        cache: 'no-store',
        credentials: token === undefined ? 'same-origin' : 'omit',
        redirect: 'error',
        signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
      });
      status = response.status;
      text = await response.text();
    } catch (cause) {
      signal?.throwIfAborted();
      throw unreachable(baseUrl, cause, deadline.aborted ? deadlineMs : undefined);
    }
    if (status >= 200 && status < 300) return text;
    throw failureOf(path, status, text);
  }
}

/** Where the calls about one environment are. */
export const environmentPath = (id: string): string => `/api/environments/${encodeURIComponent(id)}`;

function failureOf(path: string, status: number, text: string): VitrineError {
  const parsed = errorBodySchema.safeParse(parseJson(text));
  if (parsed.success) return new VitrineError({ ...parsed.data.error, status });
  if (status === 401) return signedOut();
  return unexpectedAnswer(path, `status ${status}`, status);
}

/** Undefined, which no schema accepts, for what is not JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
