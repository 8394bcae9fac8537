import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { WS_PROTOCOL } from '#shared/realtime/channels.ts';
import type { Environments } from '../environments/environments.ts';
import { keepAlive, sendBounded } from './channel-socket.ts';
import { followList } from './environment-list.ts';

/** The workbench says little; more than this is not it. Bytes. */
const MAX_INCOMING_BYTES = 64 * 1024;

/** The control origin's WebSockets: `/ws/:environmentId` and `/ws` (the list). */
export class Sockets {
  readonly #environments: Environments;
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_INCOMING_BYTES,
    handleProtocols: (offered) => (offered.has(WS_PROTOCOL) ? WS_PROTOCOL : false),
  });

  constructor(environments: Environments) {
    this.#environments = environments;
  }

  /** Takes over an authorised handshake; false when the path is not one of ours. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname === '/ws') {
      this.#server.handleUpgrade(request, socket, head, (client) => this.#serveList(client));
      return true;
    }
    const id = /^\/ws\/([^/]+)$/.exec(url.pathname)?.[1];
    const environment = id === undefined ? undefined : this.#environments.get(id);
    if (!environment) return false;
    const since = url.searchParams.get('since');
    this.#server.handleUpgrade(request, socket, head, (client) => {
      keepAlive(client);
      const leave = environment.hub.subscribe(
        { send: (text) => sendBounded(client, text) },
        since === null ? undefined : Number(since) || 0,
      );
      const tellPresence = () =>
        environment.hub.publish({
          channel: 'collaboration',
          data: { type: 'presence', viewers: environment.hub.subscriberCount },
        });
      environment.touch();
      environment.journal.tell();
      const { current: state } = environment.previewState;
      environment.hub.publish({ channel: 'preview', data: { type: 'preview_state', state } });
      tellPresence();
      client.on('close', () => {
        leave();
        tellPresence();
      });
    });
    return true;
  }

  #serveList(client: WebSocket): void {
    keepAlive(client);
    client.on(
      'close',
      followList(this.#environments, (text) => sendBounded(client, text)),
    );
  }

  close(): void {
    for (const client of this.#server.clients) client.terminate();
    this.#server.close();
  }
}
