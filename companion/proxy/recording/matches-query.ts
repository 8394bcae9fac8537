import type { NetworkQuery, NetworkRequest } from '#shared/api/network.ts';

/** Whether a row passes the filters of a query; those left out pass everything. */
export function matchesQuery(row: NetworkRequest, query: NetworkQuery): boolean {
  return (
    (query.method === undefined || row.method === query.method.toUpperCase()) &&
    (query.status === undefined || matchesStatus(row.status, query.status)) &&
    (query.initiator === undefined || row.initiator === query.initiator) &&
    (query.kind === undefined || row.kind === query.kind) &&
    (query.blocked === undefined || String(row.blocked ?? false) === query.blocked) &&
    (query.text === undefined || row.url.toLowerCase().includes(query.text.toLowerCase()))
  );
}

/** `404`, or a class: `4xx`. */
const matchesStatus = (status: number | undefined, wanted: string): boolean =>
  status !== undefined &&
  (wanted.endsWith('xx') ? String(status)[0] === wanted[0] : String(status) === wanted);
