import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { VitrineError } from '#shared/errors.ts';

/** Where the proxy of a preview origin sends requests. */
export interface BackendTarget {
  /** Why it takes no requests any more; undefined while it does. */
  readonly refusal?: VitrineError | undefined;
  /**
   * The running copy of a service that takes this request, at once where one is ready. Waits, bounded, while none is ready; rejects with a
   * VitrineError that says why none will be (status 503 where asking again later makes sense), or with the signal's
   * reason when the one who asked gave up. Call `release` of what was chosen when the request is over.
   */
  choose(request: IncomingMessage, signal?: AbortSignal): ChosenReplica | Promise<ChosenReplica>;
}

export interface ChosenReplica {
  /** The same for the same process as long as it lives: connections are kept by it. */
  readonly key: string;
  /** Name of the service and, with several copies, which: for the network monitor. */
  readonly label: string;
  /** The port it listens on: redirects that name it are its own address. */
  readonly port: number;
  connect(signal?: AbortSignal): Promise<Duplex>;
  release(): void;
}
