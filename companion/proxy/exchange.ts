import type { ClientRequest, IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { Stream } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ProxyServer } from 'http-proxy';
import { toVitrineError, VitrineError } from '#shared/errors.ts';
import { nonceOf } from '../builder/devserver/answer-head.ts';
import { InjectHead } from '../builder/devserver/inject-head.ts';
import { browserHeaders } from './answer-headers.ts';
import type { BackendTarget, ChosenReplica } from './backend-target.ts';
import { type CorsLines, setCorsHeaders } from './cors.ts';
import { forwardableTrailers } from './hop-by-hop.ts';
import { isNavigation, sendPage } from './pages.ts';
import type { Recording } from './recording/recording.ts';
import { relayAnswer } from './relay-answer.ts';
import { hasBody, isHangUp, isIdempotent } from './repeatable.ts';
import type { ReplicaAgent } from './replica-agent.ts';
import type { Replicas } from './replicas.ts';
import { backendHeaders } from './request-headers.ts';
import type { WaitingRoom } from './waiting-room.ts';

/** What a request needs to be forwarded; one for all requests of an environment. */
export interface ForwardingParts {
  target: BackendTarget;
  replicas: Replicas;
  room: WaitingRoom;
  proxy: ProxyServer;
  /** The environment's secret, added as X-Isolated-Auth. */
  secret: string;
  /** The port at which the project's frontend is developed. */
  frontendPort?: number;
}

/** Made for a page, whose policy may want scripts to carry a nonce. */
export type PageElement = (nonce?: string) => string;

/** A browser that was sent the page of a starting backend comes again after this. Seconds. */
const REFRESH_S = 1;

/** One request on its way to the backend and back. */
export class Exchange {
  readonly request: IncomingMessage;
  /** What the backend is sent. */
  readonly headers: IncomingHttpHeaders;
  readonly #response: ServerResponse;
  readonly #cors: CorsLines;
  readonly #parts: ForwardingParts;
  readonly #recording: Recording;
  readonly #gone = new AbortController();
  readonly #isNavigation: boolean;
  readonly #hasBody: boolean;
  /** Undefined where nothing is put into the answer. */
  readonly #pageElement: PageElement | undefined;
  #replica: ChosenReplica | undefined;
  #agent: ReplicaAgent | undefined;
  #upstream: ClientRequest | undefined;
  #isAnswered = false;
  #isRetry = false;
  /** What went wrong after the answer had begun. */
  #breakage: string | undefined;

  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    parts: ForwardingParts,
    recording: Recording,
    cors: CorsLines,
    pageElement?: PageElement,
  ) {
    this.request = request;
    this.#cors = cors;
    this.headers = backendHeaders(request, parts.secret);
    this.#response = response;
    this.#parts = parts;
    this.#recording = recording;
    this.#isNavigation = isNavigation(request);
    this.#hasBody = hasBody(request);
    this.#pageElement = this.#isNavigation && request.method === 'GET' ? pageElement : undefined;
    if (this.#pageElement) for (const name of WHOLE) delete this.headers[name];
    response.on('close', this.#closed);
  }

  /** Forwards it: at once where a replica is ready and a connection idle, which is what mostly is. */
  run(): void {
    let chosen: ChosenReplica | Promise<ChosenReplica>;
    try {
      chosen = this.#parts.target.choose(this.request, this.#gone.signal);
    } catch (error) {
      return this.#refuse(toVitrineError(error));
    }
    if (!(chosen instanceof Promise) && this.#take(chosen)) this.#send();
    else void this.#runLater(chosen);
  }

  async #runLater(chosen: ChosenReplica | Promise<ChosenReplica>): Promise<void> {
    try {
      await this.#reachReplica(chosen);
    } catch (error) {
      if (!this.#response.destroyed) this.#refuse(toVitrineError(error));
      return;
    }
    if (this.#response.destroyed) this.#release();
    else this.#send();
  }

  /** Sees to a connection. Nothing is sent before there is one: who cannot be reached is chosen anew, once. */
  async #reachReplica(first: ChosenReplica | Promise<ChosenReplica>): Promise<void> {
    const { target, room } = this.#parts;
    let chosen = first;
    for (let attempt = 1; ; attempt++) {
      const replica =
        chosen instanceof Promise ? await room.wait(chosen, this.#gone, this.#isNavigation) : chosen;
      if (this.#take(replica)) return;
      try {
        await this.#agent?.prepare(this.#gone.signal);
        this.#recording.connected();
        return;
      } catch (error) {
        this.#release();
        if (attempt === 2 || this.#gone.signal.aborted) throw unreachable(error);
        chosen = target.choose(this.request, this.#gone.signal);
      }
    }
  }

  /** Whether a connection to it is idle. */
  #take(replica: ChosenReplica): boolean {
    this.#replica = replica;
    this.#recording.chosen(replica.label);
    this.#agent = this.#parts.replicas.agentFor(replica);
    return this.#agent.hasIdle;
  }

  #send(): void {
    const { proxy } = this.#parts;
    const buffer = this.#hasBody ? undefined : NO_BODY;
    if (this.#hasBody) this.#tapRequest();
    else this.#recording.sent();
    try {
      proxy.web(this.request, this.#response, { agent: this.#agent, buffer }, this.#failed);
    } catch (error) {
      this.#failed(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #tapRequest(): void {
    const { request } = this;
    request.on('data', (chunk: Buffer) => this.#recording.requestChunk(chunk));
    request.on('end', () => {
      this.#recording.sent();
      if (request.rawTrailers.length > 0)
        this.#upstream?.addTrailers(forwardableTrailers(request.rawTrailers));
    });
  }

  /** The library made its request and it has a connection. */
  sending(upstream: ClientRequest): void {
    this.#upstream = upstream;
    upstream.on('information', ({ statusCode, headers }) => {
      // Early hints; 100 was answered by Node before, and 102 says nothing.
      if (statusCode === 103 && headers.link !== undefined && !this.#response.headersSent)
        this.#response.writeEarlyHints({ link: headers.link });
    });
  }

  answered(answer: IncomingMessage): void {
    const response = this.#response;
    this.#isAnswered = true;
    answer.on('error', this.#broke);
    try {
      this.#writeHead(answer);
    } catch (error) {
      answer.destroy();
      this.#refuse(garbled(error));
      return;
    }
    if (this.#pageElement && isPlainPage(answer)) void this.#relayPage(answer, this.#pageElement);
    else relayAnswer(answer, response, this.#recording);
  }

  async #relayPage(answer: IncomingMessage, pageElement: PageElement): Promise<void> {
    answer.on('data', (chunk: Buffer) => this.#recording.responseChunk(chunk));
    const element = pageElement(nonceOf(answer.headers['content-security-policy']?.toString()));
    // A browser that went away is no fault; what else breaks was told.
    await pipeline(answer, new InjectHead(element), this.#response).catch(() => this.#response.destroy());
  }

  #writeHead(answer: IncomingMessage): void {
    const { statusCode = 502, statusMessage = '' } = answer;
    const lines = browserHeaders(answer, {
      origin: `http://${this.request.headers.host}`,
      port: this.#replica?.port ?? 0,
      frontendPort: this.#parts.frontendPort,
      cors: this.#cors,
    });
    this.#recording.responseHead(statusCode, statusMessage, lines);
    const isAddedTo = this.#pageElement && isPlainPage(answer);
    this.#response.writeHead(statusCode, statusMessage, isAddedTo ? ofAnother(lines) : lines);
  }

  readonly #broke = (error: Error): void => {
    // What the browser has got is not whole, and it must see that.
    this.#breakage = `The backend broke off in the middle of its answer: ${error.message}`;
    this.#response.destroy();
  };

  /** The library's report: the request could not be sent, was not answered, or the browser broke it off. */
  readonly #failed = (error: Error): void => {
    if (this.#isAnswered || this.#response.destroyed) return;
    const isStale = this.#upstream?.reusedSocket === true && isHangUp(error);
    if (isStale && !this.#isRetry && !this.#hasBody && isIdempotent(this.request.method)) {
      this.#isRetry = true;
      this.#agent?.dropIdle();
      this.#send();
      return;
    }
    if (this.request.destroyed && !this.request.complete) this.#response.destroy();
    else this.#refuse(isGarbage(error) ? garbled(error) : unreachable(error));
  };

  #refuse(why: VitrineError): void {
    // What breaks off because the backend is being ended is not the backend's fault.
    const error = (why.status === 502 && this.#parts.target.refusal) || why;
    this.#gone.abort(error);
    const { code, message, remedy, status } = error;
    this.#recording.responseHead(status, '', []);
    this.#breakage = message;
    const options = status === 503 ? { refreshSeconds: REFRESH_S } : {};
    setCorsHeaders(this.#response, this.#cors);
    sendPage(this.request, this.#response, status, { code, message, remedy }, options);
  }

  readonly #closed = (): void => {
    const error = this.#breakage;
    const isCancelled = error === undefined && !this.#response.writableFinished;
    this.#recording.end({ error, isCancelled });
    // Only where somebody may still be waiting: an abort makes an error, which is dear.
    if (!this.#response.writableFinished) this.#gone.abort(new Error(WENT_AWAY));
    this.#release();
  };

  #release(): void {
    this.#replica?.release();
    this.#replica = undefined;
  }
}

/** Of a page that something is put into, what it was before is no matter. */
const WHOLE = ['accept-encoding', 'if-none-match', 'if-modified-since', 'range'];
const OF_THE_WHOLE = new Set(['content-length', 'etag', 'last-modified', 'accept-ranges', 'cache-control']);

const isPlainPage = ({ headers }: IncomingMessage): boolean =>
  /^text\/html\b/i.test(headers['content-type'] ?? '') &&
  (headers['content-encoding'] ?? 'identity') === 'identity';

function ofAnother(lines: string[]): string[] {
  const kept = ['cache-control', 'no-store'];
  for (let at = 0; at + 1 < lines.length; at += 2) {
    const [name = '', value = ''] = [lines[at], lines[at + 1]];
    if (!OF_THE_WHOLE.has(name.toLowerCase())) kept.push(name, value);
  }
  return kept;
}

/** What the library pipes for a request without body: cheaper than the request, and good for a second attempt. */
class NoBody extends Stream {
  override pipe<T extends NodeJS.WritableStream>(destination: T): T {
    destination.end();
    return destination;
  }
}
const NO_BODY = new NoBody();

const WENT_AWAY = 'The browser went away before the response ended.';

/** Node's HTTP parser names its errors so. The code of a DOMException, such as an abort, is a number. */
const isGarbage = (error: Error): boolean =>
  'code' in error && typeof error.code === 'string' && error.code.startsWith('HPE_');

export function unreachable(cause: unknown): VitrineError {
  if (cause instanceof VitrineError) return cause;
  return new VitrineError({
    code: 'BACKEND_UNREACHABLE',
    message: `The backend of this preview did not answer: ${cause instanceof Error ? cause.message : String(cause)}`,
    remedy: 'Look at its log in the workbench’s console; it is started again when its files change.',
    status: 502,
    cause,
  });
}

const garbled = (cause: unknown) =>
  new VitrineError({
    code: 'BACKEND_GARBLED',
    message: `The backend of this preview answered something that is not HTTP: ${cause instanceof Error ? cause.message : String(cause)}`,
    remedy: 'Check that the port it is asked on is its HTTP port, and look at its log.',
    status: 502,
    cause,
  });
