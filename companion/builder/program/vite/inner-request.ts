import { IncomingMessage, type OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

export interface InnerAnswer {
  status: number;
  headers: Record<string, string | string[]>;
  body: Buffer;
}

const END_OF_HEAD = '\r\n\r\n';

/**
 * Asks a server's handler within this process, as a browser would over a connection. Rejects when the answer is not
 * whole, is larger than `maxBytes`, or when `signal` is aborted.
 */
export function askInside(
  serve: (request: IncomingMessage, response: ServerResponse) => void,
  { url, headers, maxBytes }: { url: string; headers: OutgoingHttpHeaders; maxBytes: number },
  signal: AbortSignal,
): Promise<InnerAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<InnerAnswer>();
  const connection = new Collector(maxBytes);
  // Handlers use nothing of a connection that a stream in both directions does not have.
  const socket = connection as unknown as Socket;
  const request = new IncomingMessage(socket);
  Object.assign(request, { method: 'GET', url, headers, complete: true });
  request.push(null);
  const response = new ServerResponse(request);
  // Ended by the end of the connection: nothing has to be taken out of the body again.
  response.useChunkedEncodingByDefault = false;
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  const abort = () => connection.destroy(new Error('Nobody waits for it any more.'));
  signal.addEventListener('abort', abort, { once: true });
  connection.once('close', () => signal.removeEventListener('abort', abort));
  connection.once('error', reject);
  connection.once('close', () => reject(new Error('The answer broke off.')));
  response.once('finish', () => {
    if (connection.errored) return;
    resolve(connection.answer());
    connection.destroy();
  });
  signal.throwIfAborted();
  serve(request, response);
  return promise;
}

/** A connection that keeps what is written to it. */
class Collector extends Duplex {
  readonly #maxBytes: number;
  readonly #chunks: Buffer[] = [];
  #size = 0;

  constructor(maxBytes: number) {
    super({ decodeStrings: true });
    this.#maxBytes = maxBytes;
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    this.#size += chunk.length;
    if (this.#size > this.#maxBytes)
      return done(new Error(`An answer of more than ${this.#maxBytes} bytes.`));
    this.#chunks.push(chunk);
    done();
  }

  answer(): InnerAnswer {
    const whole = Buffer.concat(this.#chunks);
    const end = whole.indexOf(END_OF_HEAD);
    const [first = '', ...lines] = whole.toString('latin1', 0, end).split('\r\n');
    const headers: Record<string, string | string[]> = {};
    for (const line of lines) {
      const colon = line.indexOf(':');
      const name = line.slice(0, colon).toLowerCase();
      const value = line.slice(colon + 1).trim();
      const before = headers[name];
      headers[name] = before === undefined ? value : [before, value].flat();
    }
    return { status: Number(first.split(' ')[1]), headers, body: whole.subarray(end + END_OF_HEAD.length) };
  }
}
