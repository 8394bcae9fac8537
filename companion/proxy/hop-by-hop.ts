/** Fields of one connection, not of the message (RFC 9110 §7.6.1), and what HTTP/2 upgrades carry. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-authentication-info',
  'te',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
]);

/** What frames or routes a message is never a connection option: naming it there would change the message. */
const NEVER_AN_OPTION = new Set(['host', 'content-length', 'via']);

const NONE: ReadonlySet<string> = new Set();

/** The fields a Connection header names besides the usual ones, lower case. */
export function connectionOptions(connection: string | undefined): ReadonlySet<string> {
  if (connection === undefined || /^(keep-alive|close|upgrade)$/i.test(connection)) return NONE;
  const names = connection.toLowerCase().split(',');
  return new Set(names.map((name) => name.trim()).filter((name) => !NEVER_AN_OPTION.has(name)));
}

/** Whether a field ends at this hop. `name` is lower case. */
export const endsHere = (name: string, options: ReadonlySet<string>): boolean =>
  HOP_BY_HOP.has(name) || options.has(name);

/** Fields that must not come after the body, because they were to be known before it (RFC 9110 §6.5.1). */
const NOT_IN_TRAILERS = new Set([
  'host',
  'content-length',
  'content-encoding',
  'content-type',
  'content-range',
  'trailer',
  'authorization',
  'cookie',
  'set-cookie',
  'cache-control',
  'expect',
  'max-forwards',
  'location',
  'via',
  'x-isolated-auth',
]);

/** Trailer fields that may go on, as name and value pairs. */
export function forwardableTrailers(rawTrailers: readonly string[]): [string, string][] {
  const trailers: [string, string][] = [];
  for (let at = 0; at + 1 < rawTrailers.length; at += 2) {
    const [name = '', value = ''] = [rawTrailers[at], rawTrailers[at + 1]];
    const lower = name.toLowerCase();
    if (!HOP_BY_HOP.has(lower) && !NOT_IN_TRAILERS.has(lower) && !lower.startsWith('x-forwarded-'))
      trailers.push([name, value]);
  }
  return trailers;
}
