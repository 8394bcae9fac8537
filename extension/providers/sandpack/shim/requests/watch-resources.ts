import { begin, find, otherHost, type RequestNews } from './request-table.ts';

/** What tells of these itself. */
const ELSEWHERE = new Set(['fetch', 'xmlhttprequest', 'beacon']);

const BY_INITIATOR: Record<string, string> = {
  img: 'image/*',
  image: 'image/*',
  input: 'image/*',
  script: 'text/javascript',
  video: 'video/*',
  audio: 'audio/*',
  iframe: 'text/html',
  frame: 'text/html',
};
const BY_ENDING: [RegExp, string][] = [
  [/\.(?:woff2?|ttf|otf|eot)$/, 'font/*'],
  [/\.(?:png|jpe?g|gif|webp|avif|svg|ico)$/, 'image/*'],
  [/\.css$/, 'text/css'],
  [/\.m?js$/, 'text/javascript'],
];

/** Newer than the types. */
type Timing = PerformanceResourceTiming & { responseStatus?: number; contentType?: string };

/** Tells of what elements and style sheets load from other hosts. */
export function watchResources(): void {
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as Timing[]) loaded(entry);
  }).observe({ type: 'resource', buffered: true });
  // Does not bubble.
  addEventListener('error', ({ target }) => failed(target), { capture: true });
}

function loaded(entry: Timing): void {
  const { name, initiatorType, startTime, duration, responseStatus = 0 } = entry;
  if (otherHost(name) === null) return;
  const bytes = entry.transferSize || entry.encodedBodySize;
  if (ELSEWHERE.has(initiatorType)) {
    const known = find(name, ({ isBlocked }) => !isBlocked);
    // Until its body was there, and with the size where the host allows to see it.
    if (known?.isOver) known.goesOn({ durationMs: duration, ...(bytes > 0 && { bytes }) });
    return;
  }
  const news: RequestNews = {
    durationMs: duration,
    mimeType: entry.contentType || guessedType(name, initiatorType),
    ...(responseStatus >= 100 && { status: responseStatus }),
    ...(bytes > 0 && { bytes }),
  };
  // Its failure, or its policy, may have been told before.
  const known = find(name, ({ isTimed }) => !isTimed);
  if (known) known.timed(news);
  else begin(name, { startedAt: performance.timeOrigin + startTime, ...news })?.timed({});
}

function failed(target: EventTarget | null): void {
  if (!(target instanceof Element)) return;
  const url = addressOf(target);
  const error = 'It could not be loaded.';
  if (url === null || otherHost(url) === null) return;
  const known = find(url);
  if (known) known.goesOn({ error });
  else begin(url, {})?.ends({ error });
}

function addressOf(element: Element): string | null {
  if (element instanceof HTMLImageElement) return element.currentSrc || element.src;
  if (element instanceof HTMLLinkElement) return element.href;
  const isLoader = element instanceof HTMLScriptElement || element instanceof HTMLMediaElement;
  return isLoader || element instanceof HTMLSourceElement ? element.src : null;
}

function guessedType(url: string, initiator: string): string {
  const { pathname } = new URL(url);
  return BY_ENDING.find(([ending]) => ending.test(pathname))?.[1] ?? BY_INITIATOR[initiator] ?? '';
}
