import http from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ChosenReplica } from './backend-target.ts';

/** Connections kept open to one replica; browsers open six per origin. */
const MAX_IDLE_SOCKETS = 16;
/** Servers close idle connections after 5 s or later, often without saying so: ours go before that. */
const IDLE_MS = 4_000;

type Connected = (error: Error | null, stream: Duplex) => void;

/** Keeps connections to one replica. */
export class ReplicaAgent extends http.Agent {
  readonly #connect: ChosenReplica['connect'];
  readonly #prepared: PreparedConnection[] = [];

  constructor(connect: ChosenReplica['connect']) {
    super({ keepAlive: true, maxFreeSockets: MAX_IDLE_SOCKETS });
    this.#connect = connect;
  }

  /** Whether the next request finds a connection. */
  get hasIdle(): boolean {
    return this.#prepared.length > 0 || (this.freeSockets[NAME]?.length ?? 0) > 0;
  }

  get isUnused(): boolean {
    return this.#prepared.length === 0 && isEmpty(this.sockets) && isEmpty(this.freeSockets);
  }

  /** Opens a connection for the request that follows, where none is idle. Rejects as the replica's connect does. */
  async prepare(signal: AbortSignal): Promise<void> {
    const connection = await this.#connect(signal);
    if (signal.aborted) {
      connection.destroy();
      throw signal.reason;
    }
    const entry = new PreparedConnection(connection, () => {
      const at = this.#prepared.indexOf(entry);
      if (at >= 0) this.#prepared.splice(at, 1);
    });
    this.#prepared.push(entry);
  }

  /** Lets go of idle connections: one of them turned out to be dead. */
  dropIdle(): void {
    for (const socket of [...(this.freeSockets[NAME] ?? [])]) socket.destroy();
  }

  override destroy(): void {
    for (const prepared of this.#prepared.splice(0)) prepared.take().destroy();
    super.destroy();
  }

  /** All requests go to the same place, whatever host they name. */
  override getName(): string {
    return NAME;
  }

  override createConnection(_options: http.ClientRequestArgs, callback?: Connected): Duplex | undefined {
    const prepared = this.#prepared.shift();
    if (prepared) return prepared.take();
    this.#connect().then(
      (connection) => callback?.(null, connection),
      // Node's own type wants a stream beside the error, which it does not look at.
      (error: Error) => callback?.(error, undefined as unknown as Duplex),
    );
    return undefined;
  }

  override keepSocketAlive(socket: Duplex): boolean {
    if (!(socket instanceof Socket)) return false;
    // Node's type says void; it is whether to keep it.
    const isKept: unknown = super.keepSocketAlive(socket);
    if (isKept !== true) return false;
    if (!socket.timeout || socket.timeout > IDLE_MS) socket.setTimeout(IDLE_MS);
    return true;
  }

  override reuseSocket(socket: Duplex, request: http.ClientRequest): void {
    super.reuseSocket(socket, request);
    if (socket instanceof Socket) socket.setTimeout(0);
  }
}

const NAME = 'replica';

/** Stands ready for a moment. Mostly it is taken at once; else another request's connection came free before. */
class PreparedConnection {
  readonly #connection: Duplex;
  readonly #onGone: () => void;
  readonly #timer: NodeJS.Timeout;

  constructor(connection: Duplex, onGone: () => void) {
    this.#connection = connection;
    this.#onGone = onGone;
    this.#timer = setTimeout(this.#expire, IDLE_MS).unref();
    connection.on('error', ignore); // what follows an error is `close`
    connection.once('close', onGone);
  }

  take(): Duplex {
    clearTimeout(this.#timer);
    this.#connection.off('close', this.#onGone);
    return this.#connection;
  }

  readonly #expire = (): void => {
    this.#connection.destroy();
  };
}

const ignore = (): void => {};

const isEmpty = (sockets: NodeJS.ReadOnlyDict<Socket[]>): boolean =>
  Object.values(sockets).every((each) => each === undefined || each.length === 0);
