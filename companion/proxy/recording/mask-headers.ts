export type HeaderLines = [name: string, value: string][];

const MASK = '••••';

/** Kept whole by name only: they open something by themselves. */
const SECRETS = new Set(['x-isolated-auth', 'x-api-key', 'x-auth-token', 'proxy-authentication-info']);

/**
 * Header lines as people and exports get them. Of credentials the scheme stays, of cookies the names and attributes;
 * there is no way to ask for the rest.
 */
export function maskHeaders(raw: readonly string[]): HeaderLines {
  const lines: HeaderLines = [];
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const [name = '', value = ''] = [raw[at], raw[at + 1]];
    lines.push([name, maskValue(name.toLowerCase(), value)]);
  }
  return lines;
}

function maskValue(name: string, value: string): string {
  if (name === 'authorization' || name === 'proxy-authorization') return maskCredentials(value);
  if (name === 'cookie') return value.split(';').map(maskPair).join(';');
  if (name === 'set-cookie') return maskSetCookie(value);
  return SECRETS.has(name) ? MASK : value;
}

/** `Bearer abc` → `Bearer ••••`; without a scheme nothing is left. */
function maskCredentials(value: string): string {
  const scheme = /^([A-Za-z][\w-]*) +\S/.exec(value)?.[1];
  return scheme === undefined ? MASK : `${scheme} ${MASK}`;
}

function maskPair(pair: string): string {
  const at = pair.indexOf('=');
  return at < 0 ? MASK : `${pair.slice(0, at)}=${MASK}`;
}

function maskSetCookie(value: string): string {
  const [pair = '', ...attributes] = value.split(';');
  return [maskPair(pair), ...attributes].join(';');
}
