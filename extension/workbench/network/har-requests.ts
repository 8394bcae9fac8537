import type { NetworkRequestDetail } from '#shared/api/network.ts';
import { type HarEntry, harEntrySchema, harSchema } from './har-schema.ts';

/** Requests that are shown; a file may hold more. */
const MAX_ENTRIES = 10_000;
const MAX_FRAMES = 1_000;
/** The most of an address, a header or a frame that is kept, characters. */
const MAX_LINE = 10_000;

/** Chrome's types as Sec-Fetch-Dest; what is not here is told by its MIME type. */
const DESTINATIONS: Record<string, string> = {
  document: 'document',
  script: 'script',
  stylesheet: 'style',
  image: 'image',
  font: 'font',
  media: 'video',
  xhr: 'empty',
  fetch: 'empty',
};

/** Chrome's word for what the page gave up. */
const CANCELLED = 'net::ERR_ABORTED';

const PICTURE_TYPE = /^image\//;

/** It is no HAR file. */
export class NotHarError extends Error {}

/**
 * Tells the requests of a HAR file one by one, from whatever tool it is; what is no request in it is left out. Takes as
 * long as the file is large. Throws NotHarError.
 */
export function readHar(
  source: string,
  tell: (request: NetworkRequestDetail, at: HarPosition) => void,
): void {
  let value: unknown;
  try {
    value = JSON.parse(source.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new NotHarError('It is no JSON.', { cause });
  }
  const har = harSchema.safeParse(value);
  if (!har.success) throw new NotHarError('It has no entries.', { cause: har.error });
  const entries = har.data.log.entries.slice(0, MAX_ENTRIES);
  let told = 0;
  for (const [index, entry] of entries.entries()) {
    const { data } = harEntrySchema.safeParse(entry);
    if (!data) continue;
    told += 1;
    tell(toDetail(data, index), { done: index + 1, total: entries.length });
  }
  if (told === 0 && entries.length > 0) throw new NotHarError('None of its entries is a request.');
}

/** How far the reading is, in entries of the file. */
export interface HarPosition {
  done: number;
  total: number;
}

function toDetail(entry: HarEntry, index: number): NetworkRequestDetail {
  const { request, response } = entry;
  const startedAt = Date.parse(entry.startedDateTime);
  const wasAnswered = response.status > 0;
  const cancelled = response._error === CANCELLED || undefined;
  return {
    id: index + 1,
    startedAt: Number.isFinite(startedAt) ? startedAt : 0,
    method: request.method.slice(0, MAX_LINE),
    url: request.url.slice(0, MAX_LINE),
    // A request that got no answer has status 0.
    status: wasAnswered ? response.status : undefined,
    error:
      wasAnswered || cancelled
        ? undefined
        : response._error || entry.comment || response.statusText || undefined,
    cancelled,
    durationMs: Math.max(0, entry.time),
    requestBytes: Math.max(0, request.bodySize),
    responseBytes: Math.max(0, response.bodySize > 0 ? response.bodySize : response.content.size),
    initiator: 'browser',
    kind: /^wss?:/.test(request.url) ? 'websocket' : 'http',
    blocked: entry._blocked,
    destination: DESTINATIONS[entry._resourceType ?? ''],
    mimeType: bareType(response.content.mimeType),
    httpVersion: request.httpVersion.replace(/^HTTP\//i, ''),
    statusText: response.statusText.slice(0, MAX_LINE),
    requestHeaders: request.headers.map(cutLine),
    responseHeaders: response.headers.map(cutLine),
    timings: timingsOf(entry),
    requestBody: request.postData && {
      mimeType: bareType(request.postData.mimeType),
      text: request.postData.text ?? null,
      isCut: false,
    },
    responseBody: bodyOf(response.content),
    frames: entry._webSocketMessages?.slice(-MAX_FRAMES).map(({ type, time, opcode, data }) => ({
      at: time * 1_000,
      direction: type === 'send' ? ('sent' as const) : ('received' as const),
      opcode,
      bytes: data.length,
      text: data.slice(0, MAX_LINE),
    })),
  };
}

function timingsOf({ timings }: HarEntry): NetworkRequestDetail['timings'] {
  return Object.fromEntries(Object.entries(timings).filter(([, ms]) => ms >= 0));
}

/** Some tools encode every body, text as well. */
function bodyOf({ mimeType, text: content, encoding }: HarEntry['response']['content']) {
  if (content === undefined) return undefined;
  const type = bareType(mimeType);
  if (encoding !== 'base64') return { mimeType: type, text: content, isCut: false };
  const decoded = PICTURE_TYPE.test(type ?? '') ? null : textIn(content);
  return { mimeType: type, text: decoded, isCut: false, ...(decoded === null && { base64: content }) };
}

function textIn(base64: string): string | null {
  try {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null; // no base64, or no text
  }
}

/** A type without its parameters; undefined for Chrome's word for none. */
function bareType(mimeType: string): string | undefined {
  const type = mimeType.split(';', 1)[0]?.trim().toLowerCase();
  return type === 'x-unknown' || type === '' ? undefined : type;
}

const cutLine = ([name, value]: [string, string]): [string, string] => [
  name.slice(0, MAX_LINE),
  value.slice(0, MAX_LINE),
];
