import type {
  Environment as EnvironmentView,
  Failure,
  Isolation,
  StartStep,
} from '#shared/api/environment.ts';
import type { EnvironmentRecord } from '../storage/environment-record.ts';
import { egressPolicy } from './egress-policy.ts';
import type { Run } from './run.ts';

/** Before there is a pod nothing is promised. */
const NOT_ISOLATED: Isolation = {
  network: 'none',
  files: 'none',
  processes: 'none',
  memory: 'none',
  cpu: 'none',
  disk: 'none',
  pids: 'none',
};

export interface ViewInput {
  record: EnvironmentRecord;
  origin: string;
  run: Run | undefined;
  steps: StartStep[];
  failure: Failure | undefined;
}

/** What the API and the channels show of an environment: everything but its secrets. */
export function environmentView({ record, origin, run, steps, failure }: ViewInput): EnvironmentView {
  const { secret, cookie, config, mainCheckout, template, allowedHosts, ...shown } = record;
  const limits = config.isolation.backend.resource_limits;
  return {
    ...shown,
    isolation: run?.pod?.isolation ?? NOT_ISOLATED,
    limits: {
      memoryMb: limits.memory_mb,
      cpuShares: limits.cpu_shares,
      diskMb: limits.disk_mb,
      pids: limits.pids,
    },
    services: run?.services ?? [],
    steps,
    failure,
    origin,
    backendUrl: origin,
    sandboxAttributes: config.isolation.security.sandbox_attributes,
    egress: egressPolicy(record),
  };
}
