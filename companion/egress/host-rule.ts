import { isIP } from 'node:net';

/** What an entry without a port admits. */
const WEB_PORTS = [80, 443];

/** One entry of an allow-list: a host, everything below a host, or an address; with a port or without. */
export interface HostRule {
  /** Lower case; an IPv6 address without brackets, in its shortest form. */
  host: string;
  /** `*.`: everything below the host, at any depth, and not the host itself. */
  isWildcard: boolean;
  port?: number;
}

const ENTRY = /^(\*\.)?(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(\d{1,5}))?$/i;

/** Reads an entry; null for one that says nothing clear. */
export function parseHostRule(entry: string): HostRule | null {
  const [, wildcard, host = '', port] = ENTRY.exec(entry.trim()) ?? [];
  const name = normaliseHost(host);
  const number = port === undefined ? undefined : Number(port);
  if (name === null || (number !== undefined && (number < 1 || number > 65_535))) return null;
  // Everything below an address is nothing, and everything below a top level is everything.
  if (wildcard && (isIP(name) !== 0 || !name.includes('.'))) return null;
  return { host: name, isWildcard: wildcard !== undefined, port: number };
}

/** Whether a rule covers a host (as {@link normaliseHost} writes it) and a port. */
export function ruleCovers(rule: HostRule, host: string, port: number): boolean {
  // With the dot, so that `evilexample.org` is not below `*.example.org` (attack 11).
  const isHost = rule.isWildcard ? host.endsWith(`.${rule.host}`) : host === rule.host;
  return isHost && (rule.port === undefined ? WEB_PORTS.includes(port) : rule.port === port);
}

/**
 * A host the way it is compared: lower case, IDN in ASCII, without the dot of a full name, and addresses however
 * they are written (decimal, octal, hexadecimal, shortened) as they are. Null for what is no host.
 */
export function normaliseHost(host: string): string | null {
  if (host === '' || /[\s/?#@\\%]/.test(host)) return null;
  const url = `http://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}/`;
  if (!URL.canParse(url)) return null;
  const name = new URL(url).hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  return name === '' ? null : name;
}
