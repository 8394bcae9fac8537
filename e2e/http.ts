import { type IncomingHttpHeaders, request } from 'node:http';
import { text } from 'node:stream/consumers';

const DEADLINE_MS = 30_000;

export interface HttpCall {
  port: number;
  /** What the Host header says; the connection always goes to 127.0.0.1. */
  host?: string;
  path: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  /** 30 s unless told. */
  deadlineMs?: number;
}

export interface HttpAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A plain HTTP request in which every header, Host included, is as told: `fetch` allows neither that nor Origin. */
export function httpCall({
  port,
  host,
  path,
  method = 'GET',
  headers,
  body,
  deadlineMs,
}: HttpCall): Promise<HttpAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<HttpAnswer>();
  const call = request(
    {
      host: '127.0.0.1',
      port,
      path,
      method,
      headers: { host: host ?? `localhost:${port}`, ...headers },
      setHost: false,
      agent: false,
      signal: AbortSignal.timeout(deadlineMs ?? DEADLINE_MS),
    },
    (response) => {
      text(response).then(
        (content) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: content }),
        reject,
      );
    },
  );
  call.once('error', reject).end(body);
  return promise;
}
