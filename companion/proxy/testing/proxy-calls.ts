import { once } from 'node:events';
import http, { type IncomingMessage, type RequestOptions } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach } from 'vitest';
import { httpBackend, type ProxyFixture, startProxy } from './proxy-fixture.ts';

/** The way to start proxies in a test file; each is closed after its test. */
export function proxiesOfEachTest(): typeof startProxy {
  const opened: ProxyFixture[] = [];
  afterEach(async () => {
    for (const fixture of opened.splice(0)) await fixture.close();
  });
  return async (...args) => {
    const fixture = await startProxy(...args);
    opened.push(fixture);
    return fixture;
  };
}

export interface Answer extends Pick<IncomingMessage, 'headers' | 'rawTrailers'> {
  status: number;
  body: string;
}

/** Asks for something and waits for the whole answer. */
export async function call(
  fixture: ProxyFixture,
  options: RequestOptions & { body?: string } = {},
): Promise<Answer> {
  const { body, ...rest } = options;
  const request = http.request({
    host: '127.0.0.1',
    port: fixture.port,
    agent: false,
    ...rest,
    headers: { host: fixture.host, ...rest.headers },
  });
  request.end(body);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const content = await text(response);
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    rawTrailers: response.rawTrailers,
    body: content,
  };
}

/** What {@link echo} got. */
export const seenBy = (answer: Answer) =>
  JSON.parse(answer.body) as { headers: Record<string, string>; url: string; body: string };

/** Answers with what it got. */
export const echo = () =>
  httpBackend(async (request, response) => {
    const body = await text(request);
    response.end(
      JSON.stringify({ url: request.url, headers: request.headers, body, trailers: request.trailers }),
    );
  });
