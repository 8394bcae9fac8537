import type { IncomingMessage } from 'node:http';
import { normaliseHost } from './host-rule.ts';
import type { Target } from './judge.ts';
import { malformed } from './refusals.ts';

export interface PlainTarget extends Target {
  /** Path and query. */
  path: string;
  /** What the Host header says: the URL's, whatever the request's own said (RFC 9112 §3.2.2). */
  authority: string;
}

/** Where an absolute-form request wants to go. Throws EGRESS_REQUEST_INVALID. */
export function plainTarget({ url = '' }: IncomingMessage): PlainTarget {
  if (!/^http:\/\//i.test(url)) {
    throw malformed(
      /^https:\/\//i.test(url)
        ? 'An https:// address cannot be asked for in plain text.'
        : 'The request names no absolute http:// address.',
    );
  }
  // A URL parser takes a backslash for a slash; others do not.
  const parsed = url.includes('\\') || !URL.canParse(url) ? null : new URL(url);
  const host = parsed && normaliseHost(parsed.hostname);
  if (!parsed || !host) throw malformed('The request’s address cannot be read.');
  if (url.slice('http://'.length).split(/[/?#]/, 1)[0]?.includes('@'))
    throw malformed('The request’s address has a user name in it.');
  return {
    host,
    port: parsed.port === '' ? 80 : Number(parsed.port),
    path: parsed.pathname + parsed.search,
    authority: parsed.host,
  };
}

/** Where a CONNECT wants to go. Throws EGRESS_REQUEST_INVALID. */
export function tunnelTarget({ url = '' }: IncomingMessage): Target {
  const [, name = '', digits] = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+):(\d{1,5})$/i.exec(url) ?? [];
  const host = normaliseHost(name);
  const port = Number(digits);
  if (!host || !(port >= 1 && port <= 65_535)) throw malformed('CONNECT needs host:port.');
  return { host, port };
}
