import http from 'node:http';
import type { Duplex } from 'node:stream';

/** Connections kept open to one service; browsers open six per origin. */
const MAX_IDLE_SOCKETS = 16;

/** An HTTP agent whose connections lead into a pod, whatever host the request names. */
export class PodAgent extends http.Agent {
  readonly #connect: () => Promise<Duplex>;

  constructor(connect: () => Promise<Duplex>) {
    super({ keepAlive: true, maxFreeSockets: MAX_IDLE_SOCKETS, timeout: 0 });
    this.#connect = connect;
  }

  override createConnection(
    _options: http.ClientRequestArgs,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    this.#connect().then(
      (connection) => callback?.(null, connection),
      // Node's own type wants a stream beside the error, which it does not look at.
      (error: Error) => callback?.(error, undefined as unknown as Duplex),
    );
    return undefined;
  }
}
