import type { Duplex } from 'node:stream';
import type { Isolation } from '#shared/api/environment.ts';
import type { ResourceLimits } from '#shared/config/environment-config.ts';
import type { RuntimeName } from '#shared/identifiers.ts';

/** Whether a runtime can work on this machine, and what it keeps apart when it does. */
export interface RuntimeProbe {
  available: boolean;
  /** Names the engine (`bubblewrap 0.8.0`, `Docker 20.10`), or says what is missing and how to get it. */
  detail: string;
  isolation: Isolation;
  /** One sentence for each limit of the configuration: how it is kept here, or why it is not. */
  limits?: Record<'memory' | 'cpu' | 'disk' | 'pids', string>;
}

/** Makes pods: the sandboxes that backends and builders run in. */
export interface Runtime {
  readonly name: RuntimeName;
  probe(signal?: AbortSignal): Promise<RuntimeProbe>;
  /** Does ahead what the first pod would have to wait for. */
  prepare?(): Promise<void>;
  /** Creates a pod with its gateway answering. A failed or aborted call leaves nothing behind. */
  createPod(spec: PodSpec, signal: AbortSignal): Promise<Pod>;
  /**
   * Ends whatever an earlier companion on the same state directory left behind (containers by label,
   * processes by pid and start time). Called once, before the first createPod.
   */
  sweep(): Promise<void>;
}

export interface PodSpec {
  environmentId: string;
  /** Secret that every connection to the gateway carries as `X-Isolated-Auth`. */
  secret: string;
  /** Absolute path of the attempt's worktree; the same path inside the pod, writable there. */
  worktree: string;
  /** A private, writable directory of the environment; the same path inside the pod. */
  dataDirectory: string;
  /** A directory for the runtime's own sockets and pid files, not visible as a whole inside. */
  runDirectory: string;
  /** More host paths visible inside. */
  mounts: Mount[];
  limits: ResourceLimits;
  /** Ports inside that lead to the companion: the pod's only way out. */
  outlets?: Outlet[];
  /** Names that resolve to the pod itself, so that its services find each other by theirs. */
  hostNames?: string[];
  /** Told when a limit was reached. */
  onLimit?(event: LimitEvent): void;
}

/** A port on the pod's loopback interface that leads to the companion. */
export interface Outlet {
  name: 'egress' | 'database';
  /** The port inside. A pod without its own network takes a free one instead: see {@link Pod.outletPort}. */
  port: number;
  /**
   * Takes over a connection that something in the pod opened: its owner from now on, errors included. It is open
   * for writing after the other side ended (`allowHalfOpen`), so the owner ends its own half.
   */
  accept(connection: Duplex): void;
}

/** A limit of the pod that was reached, and by which service where that is known. */
export interface LimitEvent {
  limit: 'memory' | 'disk' | 'processes';
  service?: string;
  /** Whether something was ended for it; without, something was only refused. */
  ended: boolean;
}

/** What a pod uses at one moment. */
export interface PodUsage {
  memoryBytes: number;
  /** Processor time since the pod was made. */
  cpuMs: number;
  processes: number;
  /** What it wrote to its private directory and the worktree since it was made, where that is measured. */
  diskBytes?: number;
}

export interface Mount {
  source: string;
  /** Path inside; the same as source unless told. */
  target?: string;
  writable?: boolean;
  /** Where a mount above leads to the host, an empty directory is made there for this one; whoever asked removes it. */
  makePoint?: boolean;
}

export interface Pod {
  /** What this very pod isolates. */
  readonly isolation: Isolation;
  /** The Node that runs Vitrine's own programs inside; the project's may be another. */
  readonly node: string;
  /** Port on 127.0.0.1 inside under which services reach an outlet of the spec. Throws for one it does not have. */
  outletPort(name: Outlet['name']): number;
  /** What it uses now; null where the platform does not tell. */
  usage(signal?: AbortSignal): Promise<PodUsage | null>;
  /**
   * Prepares what makes the next startService quick, once: a blank container of that image. Does nothing where
   * there is nothing to gain.
   */
  warm(image: ServiceImage | undefined, signal: AbortSignal): Promise<void>;
  /** Starts a service in the pod's namespaces. Rejects only if it cannot be spawned at all. */
  startService(spec: ServiceSpec, signal: AbortSignal): Promise<Service>;
  /**
   * A connection to a port inside the pod, through the gateway.
   * Rejects with ECONNREFUSED as `code` when nothing listens there (yet).
   */
  connect(port: number, signal?: AbortSignal): Promise<Duplex>;
  /** Freezes every process of the pod; memory is kept. */
  suspend(): Promise<void>;
  resume(): Promise<void>;
  /** Ends everything in the pod and removes what createPod made. Idempotent. */
  destroy(): Promise<void>;
  /** Resolves when the pod is gone for whatever reason, destroy() included. */
  readonly gone: Promise<void>;
}

export interface ServiceSpec {
  name: string;
  /** A shell line (run by `sh -c`), or an argument list run as it is. */
  command: string | string[];
  /** Absolute; inside the pod. */
  cwd: string;
  env: Record<string, string>;
  /**
   * The port it should listen on. In a pod with its own network this is the port; without one the runtime
   * takes a free port instead. The outcome is in `Service.port` and in the service's PORT variable.
   */
  port: number;
  /** What the runtime docker runs it in; its default Node image unless told. */
  image?: ServiceImage;
  /** Its standard input stays open, empty, as in a terminal where nobody types; at its end at once unless told. */
  hasInput?: boolean;
  /** Milliseconds between SIGTERM and SIGKILL; 3000 unless told. */
  stopGraceMs?: number;
  /** Called for every line the service prints, never with the line break. Lines are cut at 16 kB. */
  onOutput(line: string, stream: 'stdout' | 'stderr'): void;
}

/** A named image, or a Dockerfile to build one from. */
export type ServiceImage = { name: string } | { dockerfile: string; context: string };

export interface ServiceExit {
  /** Exit code, or null when a signal ended it. */
  code: number | null;
  signal: string | null;
  /** It was ended because the memory limit was reached. */
  outOfMemory: boolean;
  /** It was ended because the disk limit was reached. */
  outOfDisk?: boolean;
}

export interface Service {
  readonly name: string;
  readonly port: number;
  /** Resolves once, when the process is over. Never rejects. */
  readonly exited: Promise<ServiceExit>;
  /** SIGTERM, then SIGKILL after a grace period, to the whole process group. Idempotent. */
  stop(): Promise<void>;
}
