import type { NetworkRequest } from '#shared/api/network.ts';
import { isTroubled } from './network-store.ts';
import { type RequestType, requestType } from './request-type.ts';

export const STATUS_FILTERS = ['all', '2xx', '3xx', '4xx', '5xx', 'failed', 'blocked', 'pending'] as const;
export type StatusFilter = (typeof STATUS_FILTERS)[number];

export interface NetworkFilter {
  type: RequestType | 'all';
  status: StatusFilter;
  initiator: NetworkRequest['initiator'] | 'all';
  query: string;
}

export const NO_NETWORK_FILTER: NetworkFilter = { type: 'all', status: 'all', initiator: 'all', query: '' };

/** The requests that pass. */
export function filterRequests<Request extends NetworkRequest>(
  requests: readonly Request[],
  filter: NetworkFilter,
): readonly Request[] {
  const query = filter.query.trim().toLowerCase();
  return requests.filter(
    (request) =>
      (filter.type === 'all' || requestType(request) === filter.type) &&
      (filter.initiator === 'all' || request.initiator === filter.initiator) &&
      hasStatus(request, filter.status) &&
      (query === '' || `${request.method} ${request.url}`.toLowerCase().includes(query)),
  );
}

function hasStatus(request: NetworkRequest, wanted: StatusFilter): boolean {
  if (wanted === 'all') return true;
  if (wanted === 'failed') return isTroubled(request);
  if (wanted === 'blocked') return request.blocked === true;
  if (wanted === 'pending') return request.durationMs === undefined;
  return String(request.status ?? '')[0] === wanted[0];
}
