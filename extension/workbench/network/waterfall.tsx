import type { NetworkRequest } from '#shared/api/network.ts';

/** The stretch of time that the rows in view share, milliseconds since the epoch. */
export interface TimeSpan {
  start: number;
  end: number;
}

/** From the first beginning to the last end of the requests in view; one without an end reaches to its beginning. */
export function timeSpan(requests: readonly NetworkRequest[]): TimeSpan {
  let start = Number.POSITIVE_INFINITY;
  let end = Number.NEGATIVE_INFINITY;
  for (const { startedAt, durationMs, kind } of requests) {
    start = Math.min(start, startedAt);
    // A socket that is open for an hour would leave the others no width.
    end = Math.max(end, startedAt + (kind === 'websocket' ? 0 : (durationMs ?? 0)));
  }
  return start <= end ? { start, end: Math.max(end, start + 1) } : { start: 0, end: 1 };
}

/** When a request was under way, in relation to the others in view. */
export function WaterfallBar({ request, span }: { request: NetworkRequest; span: TimeSpan }) {
  const extent = span.end - span.start;
  const left = ((request.startedAt - span.start) / extent) * 100;
  const lasted = request.durationMs === undefined ? extent : request.durationMs;
  const width = Math.min(100 - left, (lasted / extent) * 100);
  return (
    <span class="waterfall" aria-hidden="true">
      <span
        class={request.durationMs === undefined ? 'waterfall-bar open' : 'waterfall-bar'}
        style={{ insetInlineStart: `${left}%`, width: `max(2px, ${width}%)` }}
      />
    </span>
  );
}
