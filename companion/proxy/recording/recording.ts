import type { NetworkRequest, NetworkRequestDetail } from '#shared/api/network.ts';
import { previewBody } from './body-preview.ts';
import type { BodyCapture, BodyStore } from './body-store.ts';
import { headerOf, packHeaders, unpackHeaders } from './header-lines.ts';
import { KeptBodies } from './kept-bodies.ts';
import { maskHeaders } from './mask-headers.ts';
import { mimeTypeOf } from './mime-type.ts';
import { RequestPhases } from './request-phases.ts';
import type { Account, RequestStart, WholeRequest } from './told-of-request.ts';

const MAX_URL_LENGTH = 2_000;
const MAX_ERROR_LENGTH = 500;
const MAX_WORD_LENGTH = 40;
/** What a row costs besides its texts and bodies. Bytes. */
const ROW_OVERHEAD_BYTES = 700;

/** Told by a recording about itself. */
export interface RecordingOwner {
  /** Something that is shown changed. */
  changed(recording: Recording): void;
  /** It holds this many bytes more, or less. */
  grew(recording: Recording, bytes: number): void;
  /** So many bytes passed, kept or not. */
  passed(bytes: number): void;
}

/**
 * What is kept of one request. Whoever serves the request tells it what happens, in plain calls that keep references
 * and count: nothing is parsed, decoded or masked before somebody looks.
 */
export class Recording {
  readonly id: number;
  readonly startedAt: number;
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
  readonly #phases: RequestPhases;
  readonly #bodies: KeptBodies;
  readonly #isDirect: boolean;
  #service: string | undefined;
  #requestBytes = 0;
  #responseBytes = 0;
  #status: number | undefined;
  #statusText = '';
  #responseHeaders = '';
  readonly #destination: string | undefined;
  readonly #isUrlCut: boolean;
  #error: string | undefined;
  #isBlocked = false;
  #isCancelled = false;
  #policy: string | undefined;

  constructor(id: number, start: RequestStart, owner: RecordingOwner, store: BodyStore) {
    this.id = id;
    const now = performance.now();
    const begunAt = start.since ?? now;
    this.#phases = new RequestPhases(begunAt);
    this.startedAt = Math.round(Date.now() - (now - begunAt));
    this.#isDirect = start.isDirect ?? false;
    this.method = start.method;
    this.#isUrlCut = start.url.length > MAX_URL_LENGTH;
    this.url = this.#isUrlCut ? start.url.slice(0, MAX_URL_LENGTH) : start.url;
    this.kind = start.kind;
    this.initiator = start.initiator;
    this.#httpVersion = start.httpVersion;
    this.#requestHeaders = packHeaders(start.rawHeaders);
    this.#bodies = new KeptBodies(store, headerOf(start.rawHeaders, 'content-type'));
    this.#destination = headerOf(start.rawHeaders, 'sec-fetch-dest')?.slice(0, MAX_WORD_LENGTH);
    this.#owner = owner;
    this.#service = start.service;
    this.bytes = ROW_OVERHEAD_BYTES + this.#textLength;
  }

  get isOver(): boolean {
    return this.#phases.isOver;
  }
  get hasBodies(): boolean {
    return !this.#bodies.isEmpty;
  }

  /** Who takes it is known. */
  chosen(service: string): void {
    this.#service = service;
    this.#phases.chosen();
  }

  /** A connection to them stands; not called for one that was kept. */
  connected(): void {
    this.#phases.connected();
  }

  requestChunk(chunk: Buffer): void {
    this.#countRequest(chunk);
    this.#grew(this.#bodies.addRequest(chunk));
  }

  /** The last byte of the request is on its way. */
  sent(at?: number): void {
    this.#phases.sent(at);
  }

  /** The head of the answer, as the one who asked gets it. */
  responseHead(status: number, statusText: string, rawHeaders: readonly string[]): void {
    this.#phases.answered();
    this.#status = status;
    this.#statusText = statusText;
    if (!this.isForgotten) {
      this.#responseHeaders = packHeaders(rawHeaders);
      this.#bodies.expectResponse(headerOf(rawHeaders, 'content-type'));
      this.#owner.grew(this, this.#responseHeaders.length);
    }
    this.#owner.changed(this);
  }

  responseChunk(chunk: Buffer): void {
    this.#countResponse(chunk);
    this.#grew(this.#bodies.addResponse(chunk));
  }

  /** Bytes of a socket that was handed over, as they pass. */
  socketSent(chunk: Buffer): void {
    this.#countRequest(chunk);
    this.#bodies.frames?.sent.read(chunk);
  }
  socketReceived(chunk: Buffer): void {
    this.#countResponse(chunk);
    this.#bodies.frames?.received.read(chunk);
  }

  /** From here on what passes are WebSocket frames. */
  openFrames(): void {
    this.#bodies.openFrames((bytes) => {
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
  end(outcome: { status?: number; error?: string; isBlocked?: boolean; isCancelled?: boolean } = {}): void {
    if (this.isOver) return;
    this.#phases.ended();
    this.#status ??= outcome.status;
    this.#error = outcome.error?.slice(0, MAX_ERROR_LENGTH);
    this.#isBlocked = outcome.isBlocked ?? false;
    this.#isCancelled = outcome.isCancelled ?? false;
    this.#owner.changed(this);
  }

  /** Takes over what is told; what was told before and is not now stays. */
  account({ status, durationMs, responseBytes, responseHeaders, error, cancelled, policy }: Account): void {
    this.#status = status ?? this.#status;
    this.#responseBytes = responseBytes ?? this.#responseBytes;
    this.#error = error?.slice(0, MAX_ERROR_LENGTH) ?? this.#error;
    this.#policy = policy ?? this.#policy;
    // A page that was taken for gone and is not may tell what became of it after all.
    this.#isCancelled = cancelled ?? false;
    this.#isBlocked ||= policy !== undefined;
    if (durationMs !== undefined) this.#phases.endedAfter(durationMs);
    if (responseHeaders && !this.isForgotten) {
      const before = this.#responseHeaders.length;
      this.#responseHeaders = packHeaders(responseHeaders);
      this.#owner.grew(this, this.#responseHeaders.length - before);
    }
    this.#owner.changed(this);
  }

  /** Lets go of bodies and frames; the row stays. Returns how many bytes that were. */
  dropBodies(): number {
    const held = this.bytes;
    this.#bodies.drop();
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
      durationMs: this.#phases.durationMs,
      requestBytes: this.#requestBytes,
      responseBytes: this.#responseBytes,
      initiator: this.initiator,
      kind: this.kind,
      service: this.#service,
      blocked: this.#isBlocked || undefined,
      policy: this.#policy,
      direct: this.#isDirect || undefined,
      mimeType: mimeTypeOf(headerOf(unpackHeaders(this.#responseHeaders), 'content-type')),
      destination: this.#destination,
      error: this.#error,
      cancelled: this.#isCancelled || undefined,
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
      timings: this.#phases.timings(),
      requestBody: await previewOf(this.#bodies.request, requestHeaders),
      responseBody: await previewOf(this.#bodies.response, responseHeaders),
      frames: this.#bodies.frames?.list(),
      framesDropped: this.#bodies.frames?.dropped || undefined,
    };
  }

  /** The request as it came, to be sent again; undefined where not all of it was kept, or it did not come here. */
  get whole(): WholeRequest | undefined {
    const body = this.#bodies.request?.bytes() ?? Buffer.alloc(0);
    const isWhole = !this.#isUrlCut && body.length === this.#requestBytes;
    const cameHere = this.initiator === 'browser' && !this.#isDirect;
    if (this.kind !== 'http' || !cameHere || this.isForgotten || !isWhole) return undefined;
    return { method: this.method, url: this.url, rawHeaders: unpackHeaders(this.#requestHeaders), body };
  }

  get #textLength(): number {
    return this.url.length + this.#requestHeaders.length + this.#responseHeaders.length;
  }

  #countRequest({ length }: Buffer): void {
    this.#requestBytes += length;
    this.#owner.passed(length);
  }

  #countResponse({ length }: Buffer): void {
    this.#responseBytes += length;
    this.#owner.passed(length);
  }

  #grew(bytes: number): void {
    if (bytes > 0) this.#owner.grew(this, bytes);
  }
}

async function previewOf(body: BodyCapture | undefined, rawHeaders: readonly string[]) {
  return (
    body && previewBody(body, headerOf(rawHeaders, 'content-type'), headerOf(rawHeaders, 'content-encoding'))
  );
}
