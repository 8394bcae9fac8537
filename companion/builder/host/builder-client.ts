import { IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http';
import type { Duplex } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { VitrineError } from '#shared/errors.ts';
import { BUILDER_PATH } from '#shared/frame/page.ts';
import { PodAgent } from '../../proxy/pod-agent.ts';
import type { Pod } from '../../runtimes/runtime.ts';
import { readBlocks } from '../answer-stream.ts';
import {
  type AheadHead,
  aheadHeadSchema,
  type BuilderEvent,
  type BuiltPage,
  builderEventSchema,
  builtPageSchema,
  type LoadRequest,
} from '../protocol.ts';
import type { LoadedModule } from './page-memory.ts';

/** A page may have to wait for the whole first build. */
const REQUEST_DEADLINE_MS = 60_000;
/** Largest answer taken from a builder, bytes. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** What the builder of a later revision of itself might add is not needed here. */
const resumedSchema = z.object({ changed: z.array(z.string()), isOutdated: z.boolean() });
const packagesSchema = z.record(z.string(), z.string());
const pageAnswerSchema = z.object({ page: builtPageSchema.nullable() });

/** Speaks HTTP to the builder in its pod. What comes back is an attempt's word: parsed and bounded. */
export class BuilderClient {
  readonly #agent: PodAgent;

  constructor(pod: Pod, port: number) {
    this.#agent = new PodAgent(() => pod.connect(port, AbortSignal.timeout(REQUEST_DEADLINE_MS)));
  }

  /** Null while the project cannot be opened. */
  async page(path: string, signal: AbortSignal): Promise<BuiltPage | null> {
    const text = await this.#text(`page?path=${encodeURIComponent(path)}`, signal);
    return text === null ? null : pageAnswerSchema.parse(JSON.parse(text)).page;
  }

  vendor(key: string, signal: AbortSignal): Promise<string | null> {
    return this.#text(`vendor/${key}`, signal);
  }

  /** Bundled packages for other worktrees: file name → text. */
  async packages(key: string, signal: AbortSignal): Promise<Record<string, string> | null> {
    const text = await this.#text(`packages/${key}`, signal);
    return text === null ? null : packagesSchema.parse(JSON.parse(text));
  }

  /** A stack with the places of the sources. */
  async mapStack(stack: string, signal: AbortSignal): Promise<string> {
    const text = await this.#text('stack', signal, { stack });
    return z.object({ stack: z.string() }).parse(JSON.parse(text ?? '')).stack;
  }

  /** A path as the project's proxy hands it to the backend. */
  async rewrite(url: string, signal: AbortSignal): Promise<string> {
    const text = await this.#text(`rewrite?url=${encodeURIComponent(url)}`, signal);
    return z.object({ url: z.string().startsWith('/') }).parse(JSON.parse(text ?? '')).url;
  }

  /** Tells a new builder what open pages run. */
  async resume(modules: LoadedModule[], signal: AbortSignal): Promise<z.infer<typeof resumedSchema>> {
    return resumedSchema.parse(JSON.parse((await this.#text('resume', signal, { modules })) ?? ''));
  }

  /** Which of these modules are what would be answered now, by their URLs. */
  async current(modules: LoadedModule[], signal: AbortSignal): Promise<string[]> {
    const text = await this.#text('current', signal, { modules });
    return z.object({ urls: z.array(z.string()) }).parse(JSON.parse(text ?? '')).urls;
  }

  /** Modules and what they import, ahead of a page. Rejects when an answer is not whole. */
  async *load(asked: LoadRequest, signal: AbortSignal): AsyncGenerator<{ head: AheadHead; body: Buffer }> {
    const response = await this.#send('POST', 'load', signal, JSON.stringify(asked));
    if (response.statusCode !== 200) throw refused(response);
    for await (const { head, body } of readBlocks(response))
      yield { head: aheadHeadSchema.parse(JSON.parse(head.toString('utf8'))), body };
  }

  /** Sends a browser's request on, with its body; the answer's body is the caller's to take. */
  forward(
    asked: IncomingMessage | { method: string; url: string },
    headers: OutgoingHttpHeaders,
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const { method, url: path } = asked;
      const sent = request({ agent: this.#agent, host: 'builder', method, path, headers, signal });
      sent.on('response', resolve).on('error', reject);
      if (asked instanceof IncomingMessage && hasBody(asked))
        asked.on('error', (error) => sent.destroy(error)).pipe(sent);
      else sent.end();
    });
  }

  /** Sends a browser's handshake on. `server` is the other end of the socket; without one, it was refused by the answer. */
  upgrade(
    { url: path }: IncomingMessage,
    headers: OutgoingHttpHeaders,
    signal: AbortSignal,
  ): Promise<{ answer: IncomingMessage; server: Duplex | null }> {
    return new Promise((resolve, reject) => {
      const sent = request({ agent: this.#agent, host: 'builder', path, headers, signal });
      sent.on('upgrade', (answer, server, head) => {
        if (head.length > 0) server.unshift(head);
        resolve({ answer, server });
      });
      sent.on('response', (answer) => resolve({ answer, server: null }));
      sent.on('error', reject).end();
    });
  }

  /** A connection for hot updates, as Vite's client in a page makes it. */
  hot(path: string): WebSocket {
    return new WebSocket(`ws://builder${path}`, 'vite-hmr', {
      agent: this.#agent,
      maxPayload: MAX_ANSWER_BYTES,
      perMessageDeflate: false,
      handshakeTimeout: REQUEST_DEADLINE_MS,
    });
  }

  async changed(paths: string[], signal: AbortSignal): Promise<void> {
    const response = await this.#send('POST', 'changed', signal, JSON.stringify({ paths }));
    response.resume();
    if (response.statusCode !== 204) throw refused(response);
  }

  /** Events, until the builder ends or the signal is aborted. Rejects when there is no builder to listen to. */
  async *events(signal: AbortSignal): AsyncGenerator<BuilderEvent> {
    const response = await this.#send('GET', 'events', signal);
    if (response.statusCode !== 200) throw refused(response);
    for await (const line of linesOf(response)) yield builderEventSchema.parse(JSON.parse(line));
  }

  close(): void {
    this.#agent.destroy();
  }

  async #text(path: string, signal: AbortSignal, body?: unknown): Promise<string | null> {
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(REQUEST_DEADLINE_MS)]);
    const response = await (body === undefined
      ? this.#send('GET', path, deadline)
      : this.#send('POST', path, deadline, JSON.stringify(body)));
    if (response.statusCode === 404) {
      response.resume();
      return null;
    }
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of response as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MAX_ANSWER_BYTES) {
        response.destroy();
        throw refused(response);
      }
      chunks.push(chunk);
    }
    const text = Buffer.concat(chunks).toString('utf8');
    if (response.statusCode !== 200) throw refused(response, text);
    return text;
  }

  #send(method: string, name: string, signal: AbortSignal, body?: string): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const headers = body === undefined ? {} : { 'content-type': 'application/json' };
      const path = `${BUILDER_PATH}${name}`;
      const sent = request({ agent: this.#agent, host: 'builder', method, path, headers, signal });
      sent.on('response', resolve).on('error', reject);
      sent.end(body);
    });
  }
}

/** RFC 9112, 6.3. */
const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || headers['content-length'] !== undefined;

async function* linesOf(response: IncomingMessage): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let parts: string[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    const pieces = decoder.write(chunk).split('\n');
    for (const [index, piece] of pieces.entries()) {
      if (index > 0) {
        yield parts.join('');
        parts = [];
        size = 0;
      }
      parts.push(piece);
      size += piece.length;
      if (size > MAX_ANSWER_BYTES) throw refused(response, 'an event too large to take');
    }
  }
}

function refused(response: IncomingMessage, text = ''): VitrineError {
  return new VitrineError({
    code: 'BUILDER_REFUSED',
    message: `The builder answered ${response.statusCode}${text === '' ? '' : `: ${messageIn(text)}`}.`,
    remedy: 'Look at the environment’s console for what the build says.',
    status: 502,
  });
}

function messageIn(text: string): string {
  try {
    const { error } = JSON.parse(text) as { error?: { message?: unknown } };
    return String(error?.message ?? text).slice(0, 500);
  } catch {
    return text.slice(0, 500);
  }
}
