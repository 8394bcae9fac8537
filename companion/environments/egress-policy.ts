import type { EgressState } from '#shared/api/environment.ts';
import type { EnvironmentRecord } from '../storage/environment-record.ts';

/** What the sandbox may reach: the configuration, and hosts the user allowed since, which open `none` for themselves. */
export function egressPolicy({ config, allowedHosts }: EnvironmentRecord): EgressState {
  const { allow, egress = allow.length > 0 ? 'allowlist' : 'none' } = config.isolation.backend;
  if (egress !== 'none') return { policy: egress, allowed: [...new Set([...allow, ...allowedHosts])] };
  return allowedHosts.length > 0
    ? { policy: 'allowlist', allowed: [...allowedHosts] }
    : { policy: 'none', allowed: [] };
}
