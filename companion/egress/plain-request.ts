import http, { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { toVitrineError, type VitrineError } from '#shared/errors.ts';
import { connectionOptions, endsHere, forwardableTrailers } from '../proxy/hop-by-hop.ts';
import { headerOf } from '../proxy/recording/header-lines.ts';
import type { Recording } from '../proxy/recording/recording.ts';
import { relayAnswer } from '../proxy/relay-answer.ts';
import { isLoop, withVia } from '../proxy/via.ts';
import { failed, loop, refusalBody } from './refusals.ts';
import { type PlainTarget, plainTarget } from './request-target.ts';
import type { WayOut } from './way-out.ts';

/** Vitrine's own, which a backend may pass on without thinking. */
const NEVER_OUT = new Set(['host', 'x-isolated-auth', 'expect']);

/** Forwards one absolute-form request out of the sandbox, recorded. One connection each: such requests are rare. */
export class PlainRequest {
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #recording: Recording;
  readonly #wayOut: WayOut;
  readonly #gone = new AbortController();
  #upstream: http.ClientRequest | undefined;
  #problem: VitrineError | undefined;
  #breakage: string | undefined;

  constructor(request: IncomingMessage, response: ServerResponse, recording: Recording, wayOut: WayOut) {
    this.#request = request;
    this.#response = response;
    this.#recording = recording;
    this.#wayOut = wayOut;
    response.on('close', this.#closed);
  }

  async run(): Promise<void> {
    try {
      if (isLoop(this.#request.headers.via)) throw loop();
      const target = plainTarget(this.#request);
      const socket = await this.#wayOut.open(target, this.#gone.signal, this.#cut);
      if (this.#response.destroyed) return void socket.destroy();
      this.#recording.connected();
      this.#send(target, socket);
    } catch (error) {
      this.#refuse(toVitrineError(error));
    }
  }

  #send(target: PlainTarget, socket: NonNullable<http.ClientRequest['socket']>): void {
    const request = this.#request;
    const upstream = http.request({
      createConnection: () => socket,
      agent: undefined,
      method: request.method,
      path: target.path,
      headers: { ...outgoingHeaders(request), host: target.authority },
    });
    this.#upstream = upstream;
    upstream.on('error', (error) => this.#refuse(failed(target, error)));
    upstream.on('response', (answer) => this.#answered(answer, target));
    request.on('data', (chunk: Buffer) => this.#recording.requestChunk(chunk));
    request.on('end', () => {
      this.#recording.sent();
      if (request.rawTrailers.length > 0) upstream.addTrailers(forwardableTrailers(request.rawTrailers));
    });
    request.pipe(upstream);
  }

  #answered(answer: IncomingMessage, target: PlainTarget): void {
    answer.on('error', (error) => {
      this.#breakage = `${target.host} broke off in the middle of its answer: ${error.message}`;
      this.#response.destroy();
    });
    try {
      const { statusCode = 502, statusMessage = '' } = answer;
      const lines = endToEndLines(answer.rawHeaders);
      this.#recording.responseHead(statusCode, statusMessage, lines);
      this.#response.writeHead(statusCode, statusMessage, lines);
    } catch (error) {
      answer.destroy();
      return this.#refuse(failed(target, error));
    }
    relayAnswer(answer, this.#response, this.#recording);
  }

  readonly #cut = (): void => {
    this.#breakage = 'The host is not allowed any more.';
    this.#upstream?.destroy();
    this.#response.destroy();
  };

  #refuse(error: VitrineError): void {
    if (this.#response.headersSent || this.#response.destroyed) return void this.#response.destroy();
    this.#problem = error;
    const { type, body } = refusalBody(this.#request, error);
    const lines = ['content-type', type, 'content-length', String(Buffer.byteLength(body))];
    this.#recording.responseHead(error.status, '', lines);
    this.#response.writeHead(error.status, lines);
    this.#response.end(this.#request.method === 'HEAD' ? undefined : body);
  }

  readonly #closed = (): void => {
    const wasCutShort = !this.#response.writableFinished;
    this.#recording.end({
      error: this.#problem?.message ?? this.#breakage ?? (wasCutShort ? 'The sandbox went away.' : undefined),
      isBlocked: this.#problem?.code === 'EGRESS_BLOCKED',
    });
    if (!wasCutShort) return;
    this.#gone.abort(new Error('The sandbox went away.'));
    this.#upstream?.destroy();
  };
}

function outgoingHeaders(request: IncomingMessage): IncomingHttpHeaders {
  const given = request.headers;
  const options = connectionOptions(given.connection);
  const headers: IncomingHttpHeaders = {};
  for (const name in given) {
    if (!endsHere(name, options) && !NEVER_OUT.has(name)) headers[name] = given[name];
  }
  if (given['transfer-encoding'] !== undefined) {
    headers['transfer-encoding'] = 'chunked';
    delete headers['content-length'];
  }
  headers.via = withVia(given.via, request.httpVersion);
  headers.connection = 'close';
  return headers;
}

function endToEndLines(rawHeaders: readonly string[]): string[] {
  const options = connectionOptions(headerOf(rawHeaders, 'connection'));
  const lines: string[] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = [rawHeaders[at], rawHeaders[at + 1]];
    if (!endsHere(name.toLowerCase(), options)) lines.push(name, value);
  }
  return lines;
}
