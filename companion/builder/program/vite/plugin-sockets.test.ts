import { EventEmitter } from 'node:events';
import type { ViteDevServer } from 'vite';
import { describe, expect, it } from 'vitest';
import { PluginSockets } from './plugin-sockets.ts';

/** As far as it is asked. */
function server(proxy?: object) {
  const httpServer = new EventEmitter();
  const listen = () => httpServer.on('upgrade', () => undefined);
  listen(); // for hot updates
  const created = { httpServer, config: { server: { proxy } } } as unknown as ViteDevServer;
  const sockets = new PluginSockets();
  sockets.attach(created);
  return { sockets, listen };
}

describe('PluginSockets', () => {
  it('counts a plugin’s listener, and none of Vite’s', () => {
    const { sockets, listen } = server();
    expect(sockets.has).toBe(false);
    listen();
    expect(sockets.has).toBe(true);
  });

  it('leaves out the one for what Vite proxies', () => {
    const { sockets, listen } = server({ '/api': 'http://localhost:1' });
    listen();
    expect(sockets.has).toBe(false);
    listen();
    expect(sockets.has).toBe(true);
  });
});
