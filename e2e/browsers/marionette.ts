import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { z } from 'zod';

const CONNECT_DEADLINE_MS = 10_000;
const COMMAND_DEADLINE_MS = 30_000;

const replySchema = z.tuple([z.literal(1), z.number(), z.unknown(), z.unknown()]);
const errorSchema = z.object({ error: z.string(), message: z.string() });

interface Waiting {
  resolve(value: unknown): void;
  reject(reason: Error): void;
}

/**
 * Firefox's own automation protocol: JSON messages with their length in front, over TCP. Needed because WebDriver
 * BiDi reaches neither the browser's window (menus, sidebar) nor the extension's pages.
 */
export class Marionette {
  readonly #socket: Socket;
  readonly #waiting = new Map<number, Waiting>();
  #received = Buffer.alloc(0);
  #lastId = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => this.#receive(chunk));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('Firefox closed the connection')));
  }

  static async connect(port: number): Promise<Marionette> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect', { signal: AbortSignal.timeout(CONNECT_DEADLINE_MS) });
    return new Marionette(socket);
  }

  /** Sends a command such as `WebDriver:Navigate` and returns its result. */
  async send(command: string, parameters: object = {}): Promise<unknown> {
    const id = ++this.#lastId;
    const message = JSON.stringify([0, id, command, parameters]);
    const reply = new Promise<unknown>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    const timer = setTimeout(() => {
      this.#waiting.get(id)?.reject(new Error(`${command} took longer than ${COMMAND_DEADLINE_MS} ms`));
    }, COMMAND_DEADLINE_MS);
    this.#socket.write(`${Buffer.byteLength(message)}:${message}`);
    try {
      return await reply;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(id);
    }
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    for (;;) {
      const colon = this.#received.indexOf(':');
      if (colon < 0) return;
      const end = colon + 1 + Number(this.#received.toString('utf8', 0, colon));
      if (this.#received.length < end) return;
      const message = this.#received.toString('utf8', colon + 1, end);
      this.#received = this.#received.subarray(end);
      this.#dispatch(message);
    }
  }

  #dispatch(message: string): void {
    // The first message is the server's greeting, not a reply.
    const reply = replySchema.safeParse(JSON.parse(message));
    if (!reply.success) return;
    const [, id, error, result] = reply.data;
    const waiting = this.#waiting.get(id);
    if (error === null) {
      waiting?.resolve(result);
      return;
    }
    const { error: kind, message: text } = errorSchema.parse(error);
    waiting?.reject(new Error(`Firefox: ${kind}: ${text}`));
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
  }
}
