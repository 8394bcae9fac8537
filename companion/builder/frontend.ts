import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Evaluation } from '#shared/api/evaluate.ts';
import type { ProviderName } from '#shared/identifiers.ts';
import type { ChannelEvent } from '#shared/realtime/channels.ts';
import type { NetworkLog } from '../proxy/network-log.ts';
import type { Pod } from '../runtimes/runtime.ts';

/** Runs an attempt's frontend and answers the browser for it. */
export interface FrontendProvider {
  readonly name: ProviderName;
  /**
   * Starts the builder in the pod. Resolves as soon as `handle` may be called: requests wait inside it for the
   * first build, so that a browser may connect at once. Rejects with a VitrineError for what cannot work.
   */
  start(context: FrontendContext, signal: AbortSignal): Promise<Frontend>;
}

export interface FrontendContext {
  environmentId: string;
  pod: Pod;
  worktree: string;
  /** Absolute directory of the frontend: the worktree, or a folder in it. */
  root: string;
  /** Absolute directory for caches, private to the environment, writable inside the pod at the same path. */
  cacheDirectory: string;
  /** Absolute directory that the pod does not see, for what the provider itself keeps of the environment. */
  ownDirectory: string;
  /** Variables of env files that the worktree lacks, for the toolchain; what it hands to the app is its own rule. */
  inheritedEnv: Record<string, string>;
  /** Variables for the app (VITE_API_URL, VITE_WS_URL, configured ones). */
  appEnv: Record<string, string>;
  /** Variables that lead programs out of the sandbox. */
  wayOut?: Record<string, string>;
  hotReload: boolean;
  /** For a provider that runs the project's own server; left out, there is nothing but the frontend. */
  server?: OwnServer;
  /** Takes what pages ask of other hosts. */
  network: Pick<NetworkLog, 'begin'>;
  /** Reports console lines, routes, hot updates and build errors to the environment's channels. */
  emit(event: ChannelEvent): void;
  /** The provider cannot show this project, and why; another may. */
  onUnfit?(reason: string): void;
  /** Progress of the start. Called with `done` at the latest when the first build is served. */
  onStep(step: 'build' | 'paint', status: 'active' | 'done' | 'failed', detail?: string): void;
}

/** What a server of the project's own needs to know beside its directory. */
export interface OwnServer {
  /** The preview's origin. */
  origin: string;
  /** `isolation.frontend.command`. */
  command?: string | string[];
  /** The project's env files, the way out, the database. */
  env: Record<string, string>;
  /** Makes a shell line look for programs among the project's packages. */
  withPath(command: string | string[]): string | string[];
  /** Ports inside the pod that are others'. */
  takenPorts: readonly number[];
  /** Something else takes the requests that it has no answer for. */
  hasBackend: boolean;
  /** Where the one that takes the preview's requests listens in the sandbox. */
  backendPort?: number;
}

export interface Frontend {
  /** It also answers requests that change something, where no backend's paths claim them. */
  readonly takesWrites?: boolean;
  /** Answers a request that is the frontend's; resolves false, having touched nothing, when it is not. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
  /** Takes a WebSocket upgrade that is the frontend's (its live connection); false when it is not. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /** A path as the project's own dev server would hand it to the backend; left out, paths stay as they are. */
  backendPath?(url: string): Promise<string>;
  /** What makes a preview of a page that the backend renders: goes into its head. Left out, such pages stay as they are. */
  pageElement?(nonce?: string): string;
  /** How many browser pages show it now. */
  readonly pages: number;
  /** Absolute paths inside the worktree that were added, changed or removed. */
  filesChanged(paths: string[]): void;
  /** Runs a text in one of its open pages, over that page's own connection. Rejects with a VitrineError. */
  evaluate(frameId: string, source: string, signal: AbortSignal): Promise<Evaluation>;
  /** Frees everything on the companion's side; the pod ends the rest. Idempotent. */
  close(): Promise<void>;
}
