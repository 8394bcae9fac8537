import http, { type ClientRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { toVitrineError, type VitrineError } from '#shared/errors.ts';
import { adaptSetCookie } from './backend-cookies.ts';
import type { ChosenReplica } from './backend-target.ts';
import { holdEarlyBytes } from './early-bytes.ts';
import { type ForwardingParts, unreachable } from './exchange.ts';
import { refuseUpgrade } from './handshake.ts';
import type { Recording } from './recording/recording.ts';
import { handshakeHeaders } from './request-headers.ts';

/** A backend that has not answered a handshake by then does not speak WebSocket on that path. */
const HANDSHAKE_DEADLINE_MS = 30_000;
/** Given to a backend to close a socket whose browser is gone. */
const GOODBYE_MS = 5_000;

/** One WebSocket on its way to the backend. */
export class SocketExchange {
  readonly request: IncomingMessage;
  /** What the backend is sent. */
  readonly headers: IncomingHttpHeaders;
  readonly #socket: Duplex;
  readonly #head: Buffer;
  readonly #parts: ForwardingParts;
  readonly #recording: Recording;
  readonly #gone = new AbortController();
  readonly #putBack: () => void;
  #replica: ChosenReplica | undefined;
  #upstream: ClientRequest | undefined;
  #backend: Duplex | undefined;
  #deadline: NodeJS.Timeout | undefined;
  #isAnswered = false;
  #breakage: string | undefined;

  constructor(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    parts: ForwardingParts,
    recording: Recording,
  ) {
    this.request = request;
    this.headers = handshakeHeaders(request, parts.secret);
    this.#socket = socket;
    this.#head = head;
    this.#parts = parts;
    this.#recording = recording;
    socket.on('error', () => socket.destroy());
    socket.on('close', this.#closed);
    this.#putBack = holdEarlyBytes(socket);
  }

  async run(): Promise<void> {
    const { target, room, proxy } = this.#parts;
    try {
      const replica = await room.wait(
        Promise.resolve(target.choose(this.request, this.#gone.signal)),
        this.#gone,
        false,
      );
      this.#replica = replica;
      this.#recording.chosen(replica.label);
      const connection = await replica.connect(this.#gone.signal);
      if (this.#socket.destroyed) {
        connection.destroy();
        this.#release();
        return;
      }
      this.#recording.connected();
      this.#deadline = setTimeout(
        () => this.#upstream?.destroy(new Error('The backend did not answer the WebSocket handshake.')),
        HANDSHAKE_DEADLINE_MS,
      );
      proxy.ws(
        this.request,
        this.#socket,
        this.#head,
        { agent: new OneConnection(connection) },
        this.#failed,
      );
    } catch (error) {
      this.#release();
      this.#refuse(unreachable(error));
    }
  }

  /** The library made its request; what it does with the answer comes after what is done here. */
  sending(upstream: ClientRequest): void {
    this.#upstream = upstream;
    this.#recording.sent();
    upstream.once('response', (answer) => this.#noteHead(answer));
    upstream.once('upgrade', (answer, backend) => this.#opened(answer, backend));
  }

  #opened(answer: IncomingMessage, backend: Duplex): void {
    this.#noteHead(answer);
    this.#recording.openFrames();
    this.#backend = backend;
    this.#putBack();
    // The library puts back what came with the two heads, so it comes by here.
    this.#socket.on('data', (chunk: Buffer) => this.#recording.socketSent(chunk));
    backend.on('data', (chunk: Buffer) => this.#recording.socketReceived(chunk));
    // A listener makes it flow: what is put back would come by here alone, before the library pipes it on.
    backend.pause();
  }

  #noteHead(answer: IncomingMessage): void {
    clearTimeout(this.#deadline);
    this.#isAnswered = true;
    const cookies = answer.headers['set-cookie'];
    if (cookies) answer.headers['set-cookie'] = cookies.map(adaptSetCookie);
    this.#recording.responseHead(answer.statusCode ?? 502, answer.statusMessage ?? '', answer.rawHeaders);
  }

  readonly #failed = (error: Error): void => {
    this.#breakage = error.message;
    if (this.#isAnswered) this.#socket.destroy();
    else this.#refuse(unreachable(error));
  };

  #refuse(error: VitrineError): void {
    if (this.#socket.destroyed || this.#socket.writableEnded) return;
    const { code, message, remedy, status } = toVitrineError(error);
    this.#breakage = message;
    this.#recording.responseHead(status, '', []);
    refuseUpgrade(this.#socket, status, { code, message, remedy });
  }

  readonly #closed = (): void => {
    clearTimeout(this.#deadline);
    this.#recording.end({ error: this.#breakage });
    if (!this.#gone.signal.aborted) this.#gone.abort(new Error('The browser went away.'));
    if (this.#backend) this.#endSoon(this.#backend);
    else this.#upstream?.destroy();
    this.#release();
  };

  /** The last frames are to arrive; a backend that never says goodbye in turn is not waited for. */
  #endSoon(backend: Duplex): void {
    if (backend.destroyed) return;
    const timer = setTimeout(() => backend.destroy(), GOODBYE_MS).unref();
    backend.once('close', () => clearTimeout(timer));
  }

  #release(): void {
    this.#replica?.release();
    this.#replica = undefined;
  }
}

/** Hands out the one connection that was made for a handshake: a kept one may be dead, and this one stays in use. */
class OneConnection extends http.Agent {
  readonly #connection: Duplex;

  constructor(connection: Duplex) {
    super({ keepAlive: false });
    this.#connection = connection;
  }

  override createConnection(): Duplex {
    return this.#connection;
  }
}
