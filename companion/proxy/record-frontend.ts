import type { IncomingMessage, OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { NetworkLog } from './network-log.ts';
import type { Recording } from './recording/recording.ts';
import { hasBody } from './repeatable.ts';

/** What `writeHead` takes: lines in a row, pairs, or by name. */
type HeadLines = OutgoingHttpHeaders | OutgoingHttpHeader[];

/**
 * Records a request that the frontend may answer, as it passes. It is in the log from its answer on: until then it
 * may turn out to be the backend's. Returns the way to say that it is.
 */
export function recordFrontend(
  log: NetworkLog,
  request: IncomingMessage,
  response: ServerResponse,
): () => void {
  const since = performance.now();
  let recording: Recording | undefined;
  const begin = (): Recording => {
    recording ??= log.begin({
      method: request.method ?? 'GET',
      url: request.url ?? '/',
      kind: 'http',
      initiator: 'browser',
      httpVersion: request.httpVersion,
      rawHeaders: request.rawHeaders,
      since,
    });
    return recording;
  };
  const untap = hasBody(request) ? tapBody(request, begin) : undefined;
  const { writeHead, write, end } = response;
  const counted = (chunk: unknown): void => {
    if (chunk !== undefined && chunk !== null && typeof chunk !== 'function')
      recording?.responseChunk(asBuffer(chunk));
  };
  const tapped = {
    writeHead(...given: unknown[]): ServerResponse {
      const lines = given.findLast((each): each is HeadLines => typeof each === 'object' && each !== null);
      const status = Number(given[0]);
      const begun = begin();
      begun.sent(since);
      begun.responseHead(status, response.statusMessage ?? '', rawLines(response.getHeaders(), lines));
      return Reflect.apply(writeHead, response, given);
    },
    write(...given: unknown[]): boolean {
      const wasTaken: boolean = Reflect.apply(write, response, given);
      counted(given[0]);
      return wasTaken;
    },
    end(...given: unknown[]): ServerResponse {
      const ended: ServerResponse = Reflect.apply(end, response, given);
      counted(given[0]);
      return ended;
    },
  };
  Object.assign(response, tapped);
  const closed = () => {
    const { writableFinished: isWhole, errored } = response;
    if (isWhole) recording?.end();
    else recording?.end(errored ? { error: `${BROKE_OFF}: ${errored.message}` } : { isCancelled: true });
  };
  response.once('close', closed);
  return () => {
    Object.assign(response, { writeHead, write, end });
    response.off('close', closed);
    untap?.();
  };
}

/** Listens to a body without making it flow: whoever takes it may not be there yet. */
function tapBody(request: IncomingMessage, begin: () => Recording): () => void {
  const { emit } = request;
  request.emit = (event: string | symbol, ...given: unknown[]) => {
    if (event === 'data') begin().requestChunk(asBuffer(given[0]));
    if (event === 'end') begin().sent();
    return Reflect.apply(emit, request, [event, ...given]);
  };
  return () => {
    request.emit = emit;
  };
}

function asBuffer(chunk: unknown): Buffer {
  return Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk as string | Uint8Array); // all that streams of bytes take
}

/** Header lines as Node's raw ones: name, value, name, value. */
function rawLines(set: OutgoingHttpHeaders, given: HeadLines = {}): string[] {
  const raw: string[] = [];
  const add = (name: string, value: OutgoingHttpHeader | undefined) => {
    for (const each of Array.isArray(value) ? value : [value])
      if (each !== undefined) raw.push(name, String(each));
  };
  if (Array.isArray(given)) {
    const flat = given.flat();
    for (let at = 0; at + 1 < flat.length; at += 2) add(String(flat[at]), flat[at + 1]);
    return raw;
  }
  for (const [name, value] of Object.entries({ ...set, ...given })) add(name, value);
  return raw;
}

const BROKE_OFF = 'The frontend broke off in the middle of its answer';
