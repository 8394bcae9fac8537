import type { NetworkRequestDetail, WebSocketFrame } from '#shared/api/network.ts';
import type { HeaderLines } from './mask-headers.ts';

/** Where the entries of a HAR file come from. */
export interface HarSource {
  /** The preview's origin: what a browser asked is below it. */
  origin: string;
  /** Vitrine's version. */
  version: string;
}

/** The text before the entries of a HAR 1.2 file; entries follow, with commas between, then {@link HAR_END}. */
export const harBegin = ({ version }: HarSource): string =>
  `{"log":{"version":"1.2","creator":{"name":"Vitrine","version":${JSON.stringify(version)}},"pages":[],"entries":[`;
export const HAR_END = ']}}';

/**
 * One entry of a HAR 1.2 file, with every field that is required there, and Chrome's own (`_initiator`,
 * `_resourceType`, `_webSocketMessages`) as Chrome writes them.
 */
export function harEntry(request: NetworkRequestDetail, { origin }: HarSource) {
  const timings = harTimings(request);
  const { blocked, connect, send, wait, receive } = timings;
  return {
    _initiator: { type: 'other' },
    _priority: null,
    _resourceType: resourceType(request),
    ...(request.service === undefined ? {} : { _service: request.service }),
    ...(request.blocked ? { _blocked: true } : {}),
    ...(request.error === undefined ? {} : { comment: request.error }),
    ...(request.frames ? { _webSocketMessages: request.frames.map(harMessage) } : {}),
    startedDateTime: new Date(request.startedAt).toISOString(),
    // −1 stands for a phase that did not happen.
    time: [blocked, connect, send, wait, receive].reduce((sum, each) => sum + Math.max(0, each), 0),
    request: harRequest(request, origin),
    response: harResponse(request),
    cache: {},
    timings,
  };
}

function harRequest(request: NetworkRequestDetail, origin: string) {
  const url = absoluteUrl(request, origin);
  const { requestBody: body, requestHeaders: headers } = request;
  return {
    method: request.method,
    url,
    httpVersion: request.httpVersion,
    cookies: headers
      .filter(([name]) => isNamed(name, 'cookie'))
      .flatMap(([, value]) => cookiesOf(value, ';')),
    headers: harHeaders(headers),
    queryString: queryOf(url),
    headersSize: -1,
    bodySize: request.requestBytes,
    ...(body ? { postData: { mimeType: body.mimeType ?? '', text: body.text ?? '' } } : {}),
  };
}

function harResponse(request: NetworkRequestDetail) {
  const { responseHeaders: headers, responseBody: body } = request;
  const setCookies = headers.filter(([name]) => isNamed(name, 'set-cookie'));
  return {
    // 0 is what browsers write where there was no answer.
    status: request.status ?? 0,
    statusText: request.statusText ?? '',
    httpVersion: request.httpVersion,
    cookies: setCookies.flatMap(([, value]) => cookiesOf(value.split(';', 1)[0] ?? '', ';')),
    headers: harHeaders(headers),
    content: {
      size: request.responseBytes,
      mimeType: request.mimeType ?? 'x-unknown',
      ...(body?.text == null ? {} : { text: body.text }),
      ...(body?.base64 === undefined ? {} : { text: body.base64, encoding: 'base64' }),
      ...(body?.isCut ? { comment: 'The beginning; Vitrine keeps no more.' } : {}),
    },
    redirectURL: headers.find(([name]) => isNamed(name, 'location'))?.[1] ?? '',
    headersSize: -1,
    bodySize: request.responseBytes,
    _transferSize: request.responseBytes,
    // As Chrome says it.
    _error: request.error ?? (request.cancelled ? 'net::ERR_ABORTED' : null),
  };
}

function harTimings({ timings }: NetworkRequestDetail) {
  return {
    blocked: timings.blocked ?? -1,
    dns: -1,
    ssl: -1,
    connect: timings.connect ?? -1,
    send: timings.send ?? 0,
    wait: timings.wait ?? 0,
    receive: timings.receive ?? 0,
  };
}

/** Chrome's direction names; its time is in seconds. */
const harMessage = ({ at, direction, opcode, text }: WebSocketFrame) => ({
  type: direction === 'sent' ? 'send' : 'receive',
  time: at / 1_000,
  opcode,
  data: text ?? '',
});

function absoluteUrl({ url, kind }: NetworkRequestDetail, origin: string): string {
  if (kind === 'tunnel') return `https://${url}/`;
  const absolute = url.startsWith('/') ? origin + url : url;
  return kind === 'websocket' ? absolute.replace(/^http/, 'ws') : absolute;
}

function queryOf(url: string): { name: string; value: string }[] {
  if (!URL.canParse(url)) return [];
  return [...new URL(url).searchParams].map(([name, value]) => ({ name, value }));
}

const harHeaders = (lines: HeaderLines) => lines.map(([name, value]) => ({ name, value }));

const cookiesOf = (pairs: string, separator: string) =>
  pairs.split(separator).map((pair) => {
    const at = pair.indexOf('=');
    return { name: pair.slice(0, Math.max(0, at)).trim(), value: pair.slice(at + 1).trim() };
  });

const isNamed = (name: string, lowerCase: string) => name.toLowerCase() === lowerCase;

/** Sec-Fetch-Dest as Chrome's resource types. */
const RESOURCE_TYPES: Record<string, string> = {
  document: 'document',
  iframe: 'document',
  frame: 'document',
  script: 'script',
  style: 'stylesheet',
  image: 'image',
  font: 'font',
  audio: 'media',
  video: 'media',
  track: 'texttrack',
  manifest: 'manifest',
};

function resourceType({ kind, requestHeaders, responseHeaders, mimeType }: NetworkRequestDetail): string {
  if (kind === 'websocket') return 'websocket';
  if (mimeType === 'text/event-stream' && responseHeaders.length > 0) return 'eventsource';
  const destination = requestHeaders.find(([name]) => isNamed(name, 'sec-fetch-dest'))?.[1];
  return (destination && RESOURCE_TYPES[destination]) || 'fetch';
}
