import type { Duplex } from 'node:stream';
import { toVitrineError } from '#shared/errors.ts';
import type { PostgresServer } from '../server.ts';
import type { Grant } from './gate.ts';
import { errorResponse, parseStart, StartError, startLength } from './messages.ts';
import { readExactly } from './read-exactly.ts';
import { ServerFrames } from './server-frames.ts';

/** How long a client may take to say who it is. */
const START_DEADLINE_MS = 10_000;
/** How long it waits for a server that has to be started. */
const SERVER_DEADLINE_MS = 30_000;
/** How long a client may take to read an error and close. */
const ERROR_GRACE_MS = 1_000;
/** SSLRequest and GSSENCRequest, once each. */
const MAX_ENCRYPTION_REQUESTS = 2;
/** The last message of a client that is done: X and its own length. */
const TERMINATE = Buffer.from([0x58, 0, 0, 0, 4]);
/** A server closes after a cancel request; one that does not is left. */
const CANCEL_DEADLINE_MS = 5_000;

export interface SessionRules {
  /** Throws a StartError when it may not. */
  find(database: string, role: string): Grant;
  /** The server on which this key cancels a statement of the environment; null when it is not the environment's. */
  holder(key: string): PostgresServer | null;
  onKey(key: string, server: PostgresServer): void;
  onClosed(key: string | null): void;
}

/** One connection from a pod: from its first byte until both sides are closed. */
export class Session {
  readonly #client: Duplex;
  readonly #rules: SessionRules;
  readonly #ending = new AbortController();
  #upstream: Duplex | undefined;
  #frames: ServerFrames | undefined;
  #key: string | null = null;
  /** The last bytes that the client said. */
  #lastSaid = Buffer.alloc(0);
  #graceTimer: NodeJS.Timeout | undefined;
  #isOver = false;
  #isClosed = false;
  /** The database it was let into. */
  database: string | undefined;

  constructor(client: Duplex, rules: SessionRules) {
    this.#client = client;
    this.#rules = rules;
    client.on('error', () => client.destroy()); // the close that follows ends the session
    client.on('close', () => this.#closed());
    // The outlet may hand over a connection that is closed already.
    if (client.destroyed) setImmediate(() => this.#closed());
  }

  start(): void {
    this.#start().catch((error: unknown) => {
      const reason = this.#ending.signal.aborted ? this.#ending.signal.reason : error;
      this.end(asStartError(reason));
    });
  }

  /** Says why where that can still be said, and closes. */
  end(reason: StartError): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#ending.abort(reason);
    const frames = this.#frames;
    if (frames) {
      this.#upstream?.unpipe(frames);
      frames.unpipe(this.#client);
    }
    this.#upstream?.destroy();
    if (!this.#client.writable || (frames && !(frames.mayExplain && frames.readableLength === 0))) {
      this.#client.destroy();
      return;
    }
    this.#client.end(errorResponse(reason));
    this.#client.resume(); // what it still says is of no interest, but has to go for the close to come
    this.#graceTimer = setTimeout(() => this.#client.destroy(), ERROR_GRACE_MS);
  }

  async #start(): Promise<void> {
    const deadline = AbortSignal.any([this.#ending.signal, AbortSignal.timeout(START_DEADLINE_MS)]);
    for (let encryptionRequests = 0; ; ) {
      const header = await readExactly(this.#client, 4, deadline);
      if (!header) return void this.#client.destroy();
      const rest = await readExactly(this.#client, startLength(header) - 4, deadline);
      if (!rest) return void this.#client.destroy();
      const packet = Buffer.concat([header, rest]);
      const message = parseStart(packet);
      if (message.kind === 'cancel') return this.#cancel(packet, message.key);
      if (message.kind === 'startup') return this.#connect(packet, message.parameters);
      encryptionRequests += 1;
      if (encryptionRequests > MAX_ENCRYPTION_REQUESTS)
        throw new StartError('08P01', 'too many requests for encryption');
      // Not encrypted: these bytes do not leave this machine.
      this.#client.write('N');
    }
  }

  async #connect(packet: Buffer, parameters: ReadonlyMap<string, string>): Promise<void> {
    if (parameters.has('replication')) throw new StartError('28000', 'replication is not available here');
    const role = parameters.get('user') ?? '';
    const database = parameters.get('database') ?? role;
    const { server } = this.#rules.find(database, role);
    this.database = database;
    const deadline = AbortSignal.timeout(SERVER_DEADLINE_MS);
    const upstream = await server.open(AbortSignal.any([this.#ending.signal, deadline]));
    if (this.#ending.signal.aborted || this.#client.destroyed) return void upstream.destroy();
    this.#upstream = upstream;
    // It may have been blocked or revoked meanwhile; from here on, that ends this session.
    this.#rules.find(database, role);
    this.#join(server, upstream, packet);
  }

  #join(server: PostgresServer, upstream: Duplex, packet: Buffer): void {
    const client = this.#client;
    const frames = new ServerFrames((key) => {
      this.#key = key;
      this.#rules.onKey(key, server);
    });
    this.#frames = frames;
    upstream.on('error', () => upstream.destroy());
    upstream.on('close', () => this.#serverClosed(frames));
    upstream.write(packet);
    client.on('data', (chunk: Buffer) => this.#noteSaid(chunk));
    client.pipe(upstream);
    // Whether the client is to be ended is decided when the server has closed.
    upstream.pipe(frames, { end: false }).pipe(client, { end: false });
  }

  /** The server is done, or gone: what it still said goes out first. */
  #serverClosed(frames: ServerFrames): void {
    if (this.#isOver) return;
    const finish = () => {
      if (this.#isOver) return;
      if (frames.mayExplain && !this.#isClientDone) this.end(LOST);
      else {
        this.#isOver = true;
        this.#client.end();
        this.#client.resume();
        this.#graceTimer = setTimeout(() => this.#client.destroy(), ERROR_GRACE_MS);
      }
    };
    frames.once('end', finish);
    frames.end();
  }

  #noteSaid(chunk: Buffer): void {
    const { length } = TERMINATE;
    const last = chunk.length >= length ? chunk : Buffer.concat([this.#lastSaid, chunk]);
    this.#lastSaid = Buffer.from(last.subarray(-length));
  }

  /** A server closes at a client's last word, before the client's own end may be seen here. */
  get #isClientDone(): boolean {
    return this.#client.readableEnded || this.#lastSaid.equals(TERMINATE);
  }

  /** Only the keys of this environment's own connections are passed on; of others nothing is said. */
  async #cancel(packet: Buffer, key: string): Promise<void> {
    const server = this.#rules.holder(key);
    if (server) {
      const upstream = await server.open(
        AbortSignal.any([this.#ending.signal, AbortSignal.timeout(CANCEL_DEADLINE_MS)]),
      );
      this.#upstream = upstream;
      const timer = setTimeout(() => upstream.destroy(), CANCEL_DEADLINE_MS);
      await new Promise<void>((resolve) => {
        upstream.on('error', () => upstream.destroy());
        upstream.on('close', resolve);
        upstream.resume();
        upstream.end(packet);
      });
      clearTimeout(timer);
    }
    this.#isOver = true;
    this.#client.end(() => this.#client.destroy());
  }

  #closed(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#isOver = true;
    clearTimeout(this.#graceTimer);
    this.#ending.abort(CLOSED);
    this.#upstream?.destroy();
    this.#rules.onClosed(this.#key);
  }
}

const CLOSED = new StartError('08006', 'the client closed the connection');
const LOST = new StartError(
  '57P02',
  'the database server ended the connection',
  'It was restarted or crashed; connect again.',
);

function asStartError(error: unknown): StartError {
  if (error instanceof StartError) return error;
  if (error instanceof Error && error.name === 'TimeoutError')
    return new StartError('08006', 'the connection took too long to start');
  const { message, remedy } = toVitrineError(error);
  return new StartError('57P03', message, remedy);
}
