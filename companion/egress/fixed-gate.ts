import type { NetworkLog } from '../proxy/network-log.ts';
import { EgressGate } from './egress-gate.ts';

/** A gate whose allow-list does not change: for an install, which needs the registry's hosts and nothing else. */
export function createFixedGate(options: {
  allowed: readonly string[];
  log: NetworkLog;
  ownPorts(): readonly number[];
}): EgressGate {
  const policy = { policy: 'allowlist' as const, allowed: [...options.allowed] };
  return new EgressGate({ policy: () => policy, log: options.log, ownPorts: options.ownPorts });
}
