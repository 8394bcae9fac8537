import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import type { DatabaseProvider } from '../databases/database.ts';
import type { ProjectPlan } from '../detection/detect-project.ts';
import { PodPorts } from '../detection/pod-ports.ts';
import type { LimitEvent, Mount, Outlet, PodSpec } from '../runtimes/runtime.ts';
import type { EnvironmentRecord } from '../storage/environment-record.ts';
import type { StatePaths } from '../storage/state-directory.ts';
import { podLimits } from './pod-limits.ts';

/** Where the way out is inside, unless a service wants that port. */
const EGRESS_PORT = 3_128;

/** What leads out of a pod, and is told of it. */
export interface PodHandlers {
  /** Connections to the way out; null when there is none. */
  egress: ((connection: Duplex) => void) | null;
  onLimit(event: LimitEvent): void;
}

export interface PodSpecInput {
  record: Pick<EnvironmentRecord, 'id' | 'secret' | 'worktree' | 'config' | 'provider'>;
  paths: Pick<StatePaths, 'environments' | 'run' | 'sharedCache'>;
  database: DatabaseProvider;
  plan: ProjectPlan;
  /** Directories with packages. */
  mounts: Mount[];
  handlers: PodHandlers;
}

/** The pod of an environment. */
export function podSpec({ record, paths, database, plan, mounts, handlers }: PodSpecInput): PodSpec {
  const ports = podPorts(plan);
  const outlets: Outlet[] = [];
  if (database.outletPort !== null) {
    outlets.push({
      name: 'database',
      port: ports.take(database.outletPort),
      accept: (connection) => database.accept(record.id, connection),
    });
  }
  const { egress } = handlers;
  if (egress) outlets.push({ name: 'egress', port: ports.take(EGRESS_PORT), accept: egress });
  return {
    environmentId: record.id,
    secret: record.secret,
    worktree: record.worktree,
    dataDirectory: join(paths.environments, record.id),
    runDirectory: join(paths.run, record.id),
    mounts: [...mounts, { source: paths.sharedCache }],
    limits: podLimits(record, plan),
    outlets,
    hostNames: plan.services.map(({ name }) => name),
    onLimit: (event) => handlers.onLimit(event),
  };
}

/** Ports inside a pod; those of the plan's services are taken. */
export const podPorts = (plan: ProjectPlan): PodPorts =>
  new PodPorts(plan.services.flatMap(({ port }) => port ?? []));

/** What makes a pod what it is, to compare two specifications by. */
export const podFingerprint = ({ outlets = [], onLimit, ...spec }: PodSpec): string =>
  JSON.stringify([spec, outlets.map(({ name, port }) => [name, port])]);
