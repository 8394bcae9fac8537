import type { NetworkRequest } from '#shared/api/network.ts';

/** What a request was for, in the words of developer tools. */
export const REQUEST_TYPES = [
  'document',
  'script',
  'style',
  'fetch',
  'image',
  'font',
  'media',
  'websocket',
  'tunnel',
  'other',
] as const;
export type RequestType = (typeof REQUEST_TYPES)[number];

const BY_MIME: [RegExp, RequestType][] = [
  [/^(text\/html|application\/xhtml)/, 'document'],
  [/javascript|ecmascript|^application\/wasm/, 'script'],
  [/^text\/css/, 'style'],
  [/json|xml$|^text\/(plain|event-stream)|^application\/(x-ndjson|grpc)/, 'fetch'],
  [/^image\//, 'image'],
  [/^(font\/|application\/(font|x-font|vnd\.ms-fontobject))/, 'font'],
  [/^(audio|video)\//, 'media'],
];

/** By Sec-Fetch-Dest, which is there where an answer names no type: one that says that nothing changed, or failed. */
const BY_DESTINATION: Record<string, RequestType> = {
  document: 'document',
  iframe: 'document',
  frame: 'document',
  script: 'script',
  worker: 'script',
  sharedworker: 'script',
  serviceworker: 'script',
  style: 'style',
  image: 'image',
  font: 'font',
  audio: 'media',
  video: 'media',
  track: 'media',
  empty: 'fetch',
};

type Typed = Pick<NetworkRequest, 'kind' | 'mimeType' | 'destination'>;

export function requestType({ kind, mimeType = '', destination = '' }: Typed): RequestType {
  if (kind !== 'http') return kind;
  if (Object.hasOwn(BY_DESTINATION, destination)) return BY_DESTINATION[destination] ?? 'other';
  // An SVG image is XML, too: images come first.
  if (mimeType.startsWith('image/')) return 'image';
  return BY_MIME.find(([pattern]) => pattern.test(mimeType))?.[1] ?? 'other';
}

export interface UrlParts {
  /** The last part of the path, what people know a request by. */
  name: string;
  /** What comes before it, or the host of one that went out. */
  place: string;
  query: string;
}

/** A request's URL (a path, a whole URL, or host:port) in the parts a table shows. */
export function urlParts(url: string): UrlParts {
  const isWhole = /^[a-z]+:\/\//i.test(url) && URL.canParse(url);
  if (!isWhole && !url.startsWith('/')) return { name: url, place: '', query: '' };
  const [path = '', query = ''] = isWhole
    ? [new URL(url).pathname, new URL(url).search]
    : splitAt(url, url.indexOf('?'));
  const cut = path.replace(/\/$/, '').lastIndexOf('/');
  const name = path.slice(cut + 1) || '/';
  const place = (isWhole ? new URL(url).host : '') + path.slice(0, cut + 1);
  return { name, place: name === '/' && !isWhole ? '' : place, query };
}

/** Host, with its port where it is not the usual one, of a request that went out; undefined for one that did not. */
export function hostOf(url: string): string | undefined {
  if (/^[a-z]+:\/\//i.test(url)) return URL.canParse(url) ? new URL(url).host : undefined;
  if (url.startsWith('/')) return undefined;
  return url.replace(/:(80|443)$/, '') || undefined;
}

function splitAt(text: string, index: number): [string, string] {
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index)];
}
