import type { Duplex } from 'node:stream';
import type { Failure, ServiceState } from '#shared/api/environment.ts';
import type { ConsoleEntry } from '#shared/realtime/console-entry.ts';
import type { DatabaseSpec } from '../databases/database.ts';
import type { EgressGate } from '../egress/egress-gate.ts';
import type { NetworkLog } from '../proxy/network-log.ts';
import type { ChannelHub } from '../realtime/channel-hub.ts';
import type { EnvironmentRecord } from '../storage/environment-record.ts';
import type { EnvironmentParts, FoundPlan } from './environment-parts.ts';
import type { StartSteps } from './start-steps.ts';
import type { WarmClaim } from './warm-pod.ts';

/** The way out of a pod. */
export interface Egress {
  /** Takes over a connection that something in the pod opened to the outlet. */
  accept(connection: Duplex): void;
  /** Variables that lead programs to the outlet (HTTP_PROXY and the like), given its port inside the pod. */
  env(port: number): Record<string, string>;
}

/** What one life of an environment is given, and whom it tells. */
export interface RunContext {
  record: EnvironmentRecord;
  parts: Pick<EnvironmentParts, 'paths' | 'runtime' | 'database' | 'provider'>;
  origin: string;
  /** The environment's private directory; its pod may write to it. */
  dataDirectory: string;
  /** What the companion keeps of the environment, out of the pod's reach. */
  ownDirectory: string;
  /** How the environment's database is known; its commands are run in this life's pod. */
  database: DatabaseSpec;
  steps: StartSteps;
  hub: ChannelHub;
  network: NetworkLog;
  /** Null or left out: nothing leads out. */
  egress?: Egress | null;
  /** A pod that was made ahead for this environment. */
  warmPod?: WarmClaim;
  /** What was found when the environment was asked for. */
  foundPlan?: FoundPlan;
  log(entry: Omit<ConsoleEntry, 'at'>): void;
  touch(): void;
  onServiceState(state: ServiceState): void;
  /** Something worth a row in the registry: `limit_memory`, `limit_disk`, `limit_processes`. */
  onEvent?(type: string, detail: string): void;
  /** The pod ended without having been asked to. */
  onPodGone(): void;
  /** The database takes more than the environment may use. */
  onDatabaseFull?(failure: Failure): void;
  onWorktreeRemoved(): void;
  /** Somebody switched the worktree to another branch, or away from any: then it is the commit. */
  onBranch?(branch: string): void;
  /** The provider cannot show the project. */
  onUnfit?(reason: string): void;
  /** A lock file changed, and what is installed is not what it says. */
  onPackagesStale(): void;
  /** A way out of an installation's sandbox, to these hosts (`host:port`) and no others. */
  installGate(allowed: string[]): EgressGate;
}
