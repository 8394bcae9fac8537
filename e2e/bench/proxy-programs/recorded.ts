import { once } from 'node:events';
import { connect } from 'node:net';
import { listenOnLoopback } from '../../../companion/api/listen.ts';
import { BackendProxy } from '../../../companion/proxy/backend-proxy.ts';
import { NetworkLog } from '../../../companion/proxy/network-log.ts';
import { ChannelHub } from '../../../companion/realtime/channel-hub.ts';
import { reportTo } from './messages.ts';

/** Vitrine's proxy with everything recorded and told to a channel, in front of a backend on a TCP port. */
const backendPort = Number(process.argv[2]);
const hub = new ChannelHub();
const network = new NetworkLog((request) =>
  hub.publish({ channel: 'logs', data: { type: 'network', request } }),
);
const proxy = new BackendProxy({
  target: {
    choose: () => ({
      key: 'one',
      label: 'backend',
      port: backendPort,
      connect: async () => {
        const socket = connect({ host: '127.0.0.1', port: backendPort, noDelay: true });
        await once(socket, 'connect');
        return socket;
      },
      release: () => undefined,
    }),
  },
  secret: 'secret',
  network,
});
const { port } = await listenOnLoopback(0, {
  request: (request, response) => proxy.forward(request, response),
  upgrade: (request, socket, head) => proxy.upgrade(request, socket, head),
});
reportTo(port);
