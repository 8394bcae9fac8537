import { CHROME_EXTENSION_ID } from '#shared/extension/identity.ts';

/** The control origin's own names on a port. */
export const controlOrigins = (port: number): string[] => [
  `http://localhost:${port}`,
  `http://127.0.0.1:${port}`,
  `http://[::1]:${port}`,
];

export const previewOrigin = (environmentId: string, port: number): string =>
  `http://${environmentId}.localhost:${port}`;

/**
 * Whether an Origin header is an extension page of ours. Chrome's id is pinned by the manifest's key. Firefox
 * makes a new UUID for each profile, so there the bearer token is what counts.
 */
export const isExtensionOrigin = (origin: string): boolean =>
  origin === `chrome-extension://${CHROME_EXTENSION_ID}` || /^moz-extension:\/\/[0-9a-f-]{36}$/.test(origin);

const ORIGIN = /^(?<scheme>https?):\/\/(?<host>[^/:]+|\[[0-9a-f:]+\])(?::(?<port>\d+|\*))?\/?$/i;

/**
 * Whether an origin matches one of `preview.allowed_origins`. `*.` at the beginning of the host stands for one or
 * more whole labels (`https://*.example.com`), `*` as the port for any; everything else is compared whole.
 */
export function matchesOrigin(origin: string, patterns: readonly string[]): boolean {
  const given = ORIGIN.exec(origin.toLowerCase())?.groups;
  if (!given?.host || given.host.includes('*')) return false;
  const { scheme, host, port } = given;
  return patterns.some((pattern) => {
    const wanted = ORIGIN.exec(pattern.toLowerCase())?.groups;
    if (!wanted?.host || wanted.scheme !== scheme) return false;
    if (wanted.port !== '*' && wanted.port !== port) return false;
    return wanted.host.startsWith('*.') ? isBelow(host, wanted.host.slice(1)) : wanted.host === host;
  });
}

/** `suffix` begins with the dot, so `evilexample.com` is not below `.example.com`. */
const isBelow = (host: string, suffix: string) => host.endsWith(suffix) && host.length > suffix.length;
