import type { ChannelEvent } from '#shared/realtime/channels.ts';
import type { FrontendProvider } from '../builder/frontend.ts';
import type { DatabaseProvider } from '../databases/database.ts';
import type { ProjectPlan } from '../detection/detect-project.ts';
import type { Runtime } from '../runtimes/runtime.ts';
import type { Registry } from '../storage/registry.ts';
import type { StatePaths } from '../storage/state-directory.ts';
import type { Engines } from './engines.ts';
import type { StartTurns } from './start-turns.ts';
import type { WarmClaim } from './warm-pod.ts';

/** A plan, and when it was found, by the monotonic clock, ms. */
export interface FoundPlan {
  plan: ProjectPlan;
  at: number;
}

/** What an environment is made with, and whom it tells. */
export interface EnvironmentParts {
  registry: Registry;
  paths: StatePaths;
  runtime: Runtime;
  database: DatabaseProvider;
  provider: FrontendProvider;
  /** Chooses runtime and provider by a configuration. Throws where there are none. */
  choose: Engines['choose'];
  /** Throws PROVIDER_UNAVAILABLE. */
  findProvider: Engines['provider'];
  /** Bounds how many environments start at once. */
  turns: StartTurns;
  /** The companion's port. */
  port: number;
  /** A pod that was made ahead; the first start takes it. */
  warmPod?: WarmClaim;
  /** What was found in the worktree when it was asked for; the first start may do with it. */
  foundPlan?: FoundPlan;
  /** Suspends another environment where this one would be one too many. */
  makeRoom(): Promise<void>;
  /** Told of everything that goes to an environment's channels. */
  onPublish(environmentId: string, event: ChannelEvent): void;
  /** Told after every change that the API shows. */
  onChange(): void;
}
