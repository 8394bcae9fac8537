import type { NetworkRequest, NetworkRequestDetail } from '#shared/api/network.ts';
import { previewBody } from './body-preview.ts';
import { BodyCapture, type BodyStore, MAX_IMAGE_BYTES, MAX_PREVIEW_BYTES } from './body-store.ts';
import { FrameLog } from './frame-log.ts';
import { maskHeaders } from './mask-headers.ts';
import { isPicture, mayBeText, mimeTypeOf } from './mime-type.ts';

const MAX_URL_LENGTH = 2_000;
const MAX_ERROR_LENGTH = 500;
/** What a row costs besides its texts and bodies. Bytes. */
const ROW_OVERHEAD_BYTES = 700;

export interface RequestStart {
  method: string;
  url: string;
  kind: NetworkRequest['kind'];
  initiator: NetworkRequest['initiator'];
  httpVersion: string;
  /** As Node has them: name, value, name, value. */
  rawHeaders: readonly string[];
  service?: string;
}

/** A request with nothing left out or masked: for sending, not for showing. */
export interface WholeRequest {
  method: string;
  url: string;
  rawHeaders: readonly string[];
  body: Buffer;
}

/** Told by a recording about itself. */
export interface RecordingOwner {
  /** Something that is shown changed. */
  changed(recording: Recording): void;
  /** It holds this many bytes more, or less. */
  grew(recording: Recording, bytes: number): void;
}

/**
 * What is kept of one request. Whoever serves the request tells it what happens, in plain calls that keep references
 * and count: nothing is parsed, decoded or masked before somebody looks.
 */
export class Recording {
  readonly id: number;
  readonly startedAt = Date.now();
  readonly method: string;
  readonly url: string;
  readonly kind: RequestStart['kind'];
  readonly initiator: RequestStart['initiator'];
  readonly #httpVersion: string;
  readonly #requestHeaders: string;
  /** Rises over all recordings of a log with each change. */
  version = 0;
  /** When the channel was last told of it, by performance.now(). */
  toldAt = 0;
  /** Bytes it holds. */
  bytes: number;
  /** No longer in the log: nothing more is kept. */
  isForgotten = false;
  readonly #owner: RecordingOwner;
  readonly #store: BodyStore;
  readonly #begunAt = performance.now();
  #chosenAt: number | undefined;
  #connectedAt: number | undefined;
  #sentAt: number | undefined;
  #headAt: number | undefined;
  #endedAt: number | undefined;
  #service: string | undefined;
  #requestBytes = 0;
  #responseBytes = 0;
  #requestBody: BodyCapture | undefined;
  #responseBody: BodyCapture | undefined;
  #status: number | undefined;
  #statusText = '';
  #responseHeaders = '';
  readonly #isUrlCut: boolean;
  #keepsRequestBody: boolean;
  #keepsResponseBody = false;
  #maxResponseBytes = MAX_PREVIEW_BYTES;
  #frames: FrameLog | undefined;
  #error: string | undefined;
  #isBlocked = false;

  constructor(id: number, start: RequestStart, owner: RecordingOwner, store: BodyStore) {
    this.id = id;
    this.method = start.method;
    this.#isUrlCut = start.url.length > MAX_URL_LENGTH;
    this.url = this.#isUrlCut ? start.url.slice(0, MAX_URL_LENGTH) : start.url;
    this.kind = start.kind;
    this.initiator = start.initiator;
    this.#httpVersion = start.httpVersion;
    this.#requestHeaders = packHeaders(start.rawHeaders);
    this.#keepsRequestBody = keepsBody(start.rawHeaders);
    this.#owner = owner;
    this.#store = store;
    this.#service = start.service;
    this.bytes = ROW_OVERHEAD_BYTES + this.#textLength;
  }

  get isOver(): boolean {
    return this.#endedAt !== undefined;
  }
  get hasBodies(): boolean {
    return this.#requestBody !== undefined || this.#responseBody !== undefined || this.#frames !== undefined;
  }

  /** Who takes it is known. */
  chosen(service: string): void {
    this.#service = service;
    this.#chosenAt ??= performance.now();
  }

  /** A connection to them stands; not called for one that was kept. */
  connected(): void {
    this.#connectedAt ??= performance.now();
  }

  requestChunk(chunk: Buffer): void {
    this.#requestBytes += chunk.length;
    if (!this.#keepsRequestBody) return;
    this.#requestBody ??= new BodyCapture(this.#store);
    this.#keep(this.#requestBody, chunk);
  }

  /** The last byte of the request is on its way. */
  sent(): void {
    this.#sentAt ??= performance.now();
  }

  /** The head of the answer, as the one who asked gets it. */
  responseHead(status: number, statusText: string, rawHeaders: readonly string[]): void {
    this.#headAt = performance.now();
    this.#status = status;
    this.#statusText = statusText;
    if (!this.isForgotten) {
      this.#responseHeaders = packHeaders(rawHeaders);
      const mimeType = mimeTypeOf(headerOf(rawHeaders, 'content-type'));
      const isDrawn = isPicture(mimeType);
      this.#keepsResponseBody = isDrawn || mayBeText(mimeType);
      if (isDrawn) this.#maxResponseBytes = MAX_IMAGE_BYTES;
      this.#owner.grew(this, this.#responseHeaders.length);
    }
    this.#owner.changed(this);
  }

  responseChunk(chunk: Buffer): void {
    this.#responseBytes += chunk.length;
    if (!this.#keepsResponseBody) return;
    this.#responseBody ??= new BodyCapture(this.#store, this.#maxResponseBytes);
    this.#keep(this.#responseBody, chunk);
  }

  /** Bytes of a socket that was handed over, as they pass. */
  socketSent(chunk: Buffer): void {
    this.#requestBytes += chunk.length;
    this.#frames?.sent.read(chunk);
  }
  socketReceived(chunk: Buffer): void {
    this.#responseBytes += chunk.length;
    this.#frames?.received.read(chunk);
  }

  /** From here on what passes are WebSocket frames. */
  openFrames(): void {
    this.#frames = new FrameLog((bytes) => {
      if (this.isForgotten) return;
      this.#owner.grew(this, bytes);
      this.#owner.changed(this);
    });
  }

  /** It goes on: tells those who watch how far it is. */
  progressed(): void {
    this.#owner.changed(this);
  }

  /** It is over. What is said first counts. */
  end(outcome: { status?: number; error?: string; isBlocked?: boolean } = {}): void {
    if (this.#endedAt !== undefined) return;
    this.#endedAt = performance.now();
    this.#status ??= outcome.status;
    this.#error = outcome.error?.slice(0, MAX_ERROR_LENGTH);
    this.#isBlocked = outcome.isBlocked ?? false;
    this.#owner.changed(this);
  }

  /** Lets go of bodies and frames; the row stays. Returns how many bytes that were. */
  dropBodies(): number {
    const held = this.bytes;
    this.#requestBody = undefined;
    this.#responseBody = undefined;
    this.#frames = undefined;
    this.#keepsRequestBody = false;
    this.#keepsResponseBody = false;
    this.bytes = ROW_OVERHEAD_BYTES + this.#textLength;
    return held - this.bytes;
  }

  /** The log no longer has it: it goes on without being kept. */
  forget(): void {
    this.isForgotten = true;
    this.dropBodies();
    this.#responseHeaders = '';
  }

  toRow(): NetworkRequest {
    return {
      id: this.id,
      startedAt: this.startedAt,
      method: this.method,
      url: this.url,
      status: this.#status,
      durationMs: this.#endedAt === undefined ? undefined : round(this.#endedAt - this.#begunAt),
      requestBytes: this.#requestBytes,
      responseBytes: this.#responseBytes,
      initiator: this.initiator,
      kind: this.kind,
      service: this.#service,
      blocked: this.#isBlocked || undefined,
      mimeType: mimeTypeOf(headerOf(unpackHeaders(this.#responseHeaders), 'content-type')),
      error: this.#error,
    };
  }

  /** Everything that is kept, readable and masked. */
  async toDetail(): Promise<NetworkRequestDetail> {
    const requestHeaders = unpackHeaders(this.#requestHeaders);
    const responseHeaders = unpackHeaders(this.#responseHeaders);
    return {
      ...this.toRow(),
      httpVersion: this.#httpVersion,
      statusText: this.#statusText || undefined,
      requestHeaders: maskHeaders(requestHeaders),
      responseHeaders: maskHeaders(responseHeaders),
      timings: this.#timings(),
      requestBody: await previewOf(this.#requestBody, requestHeaders),
      responseBody: await previewOf(this.#responseBody, responseHeaders),
      frames: this.#frames?.list(),
      framesDropped: this.#frames?.dropped || undefined,
    };
  }

  /** The request as it came, to be sent again; undefined where not all of it was kept, or it was no page's. */
  get whole(): WholeRequest | undefined {
    const body = this.#requestBody?.bytes() ?? Buffer.alloc(0);
    const isWhole = !this.#isUrlCut && body.length === this.#requestBytes;
    if (this.kind !== 'http' || this.initiator !== 'browser' || this.isForgotten || !isWhole)
      return undefined;
    return { method: this.method, url: this.url, rawHeaders: unpackHeaders(this.#requestHeaders), body };
  }

  get #textLength(): number {
    return this.url.length + this.#requestHeaders.length + this.#responseHeaders.length;
  }

  #keep(body: BodyCapture, chunk: Buffer): void {
    const more = body.add(chunk);
    if (more > 0) this.#owner.grew(this, more);
  }

  #timings(): NetworkRequestDetail['timings'] {
    const chosen = this.#chosenAt;
    const ready = this.#connectedAt ?? chosen;
    return {
      blocked: between(this.#begunAt, chosen),
      connect: between(chosen, this.#connectedAt),
      send: between(ready, this.#sentAt),
      wait: between(this.#sentAt, this.#headAt),
      receive: between(this.#headAt, this.#endedAt),
    };
  }
}

async function previewOf(body: BodyCapture | undefined, rawHeaders: readonly string[]) {
  return (
    body && previewBody(body, headerOf(rawHeaders, 'content-type'), headerOf(rawHeaders, 'content-encoding'))
  );
}

/** Header lines as one text: dozens of little strings a request are dear to keep. No value has a line break in it. */
const packHeaders = (rawHeaders: readonly string[]): string => rawHeaders.join('\n');
const unpackHeaders = (packed: string): string[] => (packed === '' ? [] : packed.split('\n'));

const keepsBody = (rawHeaders: readonly string[]): boolean =>
  mayBeText(mimeTypeOf(headerOf(rawHeaders, 'content-type')));

/** The first value under a lower-case name. */
export function headerOf(rawHeaders: readonly string[], name: string): string | undefined {
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const given = rawHeaders[at];
    if (given?.length === name.length && given.toLowerCase() === name) return rawHeaders[at + 1];
  }
  return undefined;
}

/** An answer may begin before the request has ended; then nothing was waited for. */
const between = (from: number | undefined, to: number | undefined): number | undefined =>
  from === undefined || to === undefined ? undefined : round(Math.max(0, to - from));

/** Microseconds are as fine as anybody needs it. */
const round = (milliseconds: number): number => Math.round(milliseconds * 1_000) / 1_000;
