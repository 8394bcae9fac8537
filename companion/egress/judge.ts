import type { EgressState } from '#shared/api/environment.ts';
import { type AddressKind, addressKind } from './address-kind.ts';
import { type HostRule, parseHostRule, ruleCovers } from './host-rule.ts';

/** Mail servers: nothing in a preview has to talk to one, and much that is unwanted does. */
const NEVER_OPEN_PORTS = [25];

export interface Target {
  /** As normaliseHost writes it. */
  host: string;
  port: number;
}

export type Verdict =
  | { isAllowed: true; mayReach(address: string): boolean }
  | { isAllowed: false; reason: string };

/**
 * Whether the policy lets something out to a host. What an allowed host's name resolves to is looked at too: this
 * machine and the networks around it are reached only by an entry that names host and port, and by a name only
 * the networks: a name's owner says where it leads, so `localhost` or the address itself must be named for this
 * machine.
 */
export function judge({ policy, allowed }: EgressState, { host, port }: Target): Verdict {
  if (policy === 'none') return refused('nothing leaves this sandbox: isolation.backend.egress is none');
  const covering = rulesOf(allowed).filter((rule) => ruleCovers(rule, host, port));
  const isNamed = covering.some((rule) => !rule.isWildcard && rule.port === port);
  if (covering.length === 0) {
    if (policy === 'allowlist') return refused('the host is not on the allow-list');
    if (NEVER_OPEN_PORTS.includes(port)) return refused(`port ${port} has to be named on the allow-list`);
  }
  const reach: AddressKind[] = ['public'];
  if (isNamed) reach.push('local');
  if (isNamed && isLiteral(host)) reach.push('machine');
  return { isAllowed: true, mayReach: (address) => reach.includes(addressKind(address)) };
}

const isLiteral = (host: string): boolean => host === 'localhost' || /^[\d.]+$|:/.test(host);

const rulesOf = (entries: readonly string[]): HostRule[] =>
  entries.map(parseHostRule).filter((rule) => rule !== null);

const refused = (reason: string): Verdict => ({ isAllowed: false, reason });
