import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/** Where the proxy of a preview origin sends requests. */
export interface BackendTarget {
  /**
   * The running copy of a service that takes this request. Waits, bounded, while none is ready; rejects with a
   * VitrineError that says why none will be. Call `release` of what was chosen when the request is over.
   */
  choose(request: IncomingMessage): Promise<ChosenReplica>;
}

export interface ChosenReplica {
  /** The same for the same process as long as it lives: connections are kept by it. */
  readonly key: string;
  /** Name of the service and, with several copies, which: for the network monitor. */
  readonly label: string;
  connect(signal?: AbortSignal): Promise<Duplex>;
  release(): void;
}
