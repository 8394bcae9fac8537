import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Environment } from '#shared/api/environment.ts';
import {
  type ChannelEvent,
  type ChannelMessage,
  WS_PROTOCOL,
  WS_TOKEN_PROTOCOL_PREFIX,
} from '#shared/realtime/channels.ts';

export interface FakeChannelsOptions {
  environments: ReadonlyMap<string, Environment>;
  /** Required as subprotocol where given. */
  token?: string | undefined;
  /** How many messages each channel keeps for those who resume. */
  replayLength?: number | undefined;
}

interface Stream {
  seq: number;
  replay: ChannelMessage[];
  sockets: Set<WebSocket>;
}

/** The sockets of the fake companion: the channels of each environment, and the list of all. */
export class FakeChannels {
  readonly #options: FakeChannelsOptions;
  readonly #sockets = new WebSocketServer({ noServer: true, handleProtocols: () => WS_PROTOCOL });
  readonly #streams = new Map<string, Stream>();
  readonly #listSockets = new Set<WebSocket>();

  constructor(options: FakeChannelsOptions) {
    this.#options = options;
  }

  /** Takes over a handshake. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const id = /^\/ws(?:\/([^?]*))?/.exec(request.url ?? '')?.[1];
    if (!this.#mayConnect(request) || (id && !this.#options.environments.has(id))) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
      if (id) this.#joinStream(webSocket, id, request.url ?? '');
      else this.#joinList(webSocket);
    });
  }

  /** Numbers an event and sends it to the environment's channel. */
  send(id: string, event: ChannelEvent): void {
    const stream = this.#stream(id);
    const message = { ...event, seq: ++stream.seq } as ChannelMessage; // an event plus its number is a message
    stream.replay.push(message);
    if (stream.replay.length > (this.#options.replayLength ?? 1_000)) stream.replay.shift();
    for (const socket of stream.sockets) socket.send(JSON.stringify(message));
  }

  /** Tells whoever looks at the list what it is now. */
  tellList(): void {
    const message = JSON.stringify(this.#list);
    for (const socket of this.#listSockets) socket.send(message);
  }

  /** Sockets of one environment that are open now. */
  viewers(id: string): number {
    return this.#stream(id).sockets.size;
  }

  /** Cuts every socket without a farewell, as a crash does. */
  drop(): void {
    for (const socket of this.#sockets.clients) socket.terminate();
  }

  /** Forgets what was sent. */
  forget(): void {
    this.#streams.clear();
  }

  get #list(): { environments: Environment[] } {
    return { environments: [...this.#options.environments.values()] };
  }

  #stream(id: string): Stream {
    let stream = this.#streams.get(id);
    if (!stream) {
      stream = { seq: 0, replay: [], sockets: new Set() };
      this.#streams.set(id, stream);
    }
    return stream;
  }

  #mayConnect(request: IncomingMessage): boolean {
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(/,\s*/);
    const { token } = this.#options;
    return (
      offered.includes(WS_PROTOCOL) && (!token || offered.includes(`${WS_TOKEN_PROTOCOL_PREFIX}${token}`))
    );
  }

  #joinStream(socket: WebSocket, id: string, url: string): void {
    const stream = this.#stream(id);
    const environment = this.#options.environments.get(id);
    if (!environment) return;
    const since = new URL(url, 'http://localhost').searchParams.get('since');
    const missed = stream.replay.filter(({ seq }) => seq > Number(since ?? 0));
    const oldest = stream.replay[0]?.seq ?? stream.seq + 1;
    const lost = since !== null && (Number(since) + 1 < oldest || Number(since) > stream.seq);
    const messages = lost ? [stateMessage(stream.seq, { type: 'reset' })] : missed;
    for (const message of messages) socket.send(JSON.stringify(message));
    socket.send(JSON.stringify(stateMessage(stream.seq, { type: 'environment', environment })));
    stream.sockets.add(socket);
    socket.on('close', () => stream.sockets.delete(socket));
  }

  #joinList(socket: WebSocket): void {
    socket.send(JSON.stringify(this.#list));
    this.#listSockets.add(socket);
    socket.on('close', () => this.#listSockets.delete(socket));
  }
}

type StateData = Extract<ChannelMessage, { channel: 'state' }>['data'];

function stateMessage(seq: number, data: StateData): ChannelMessage {
  return { channel: 'state', seq, data };
}
