import type { ViteDevServer } from 'vite';

/** Whether plugins take WebSockets of their own: Vite's are for hot updates, and one listener more for what it proxies. */
export class PluginSockets {
  #server: ViteDevServer | undefined;
  #before = 0;

  /** To be called before plugins see the server. */
  attach(server: ViteDevServer): void {
    this.#server = server;
    this.#before = listeners(server);
  }

  get has(): boolean {
    if (!this.#server) return false;
    const proxies = this.#server.config.server.proxy ? 1 : 0;
    return listeners(this.#server) > this.#before + proxies;
  }
}

const listeners = ({ httpServer }: ViteDevServer): number => httpServer?.listenerCount('upgrade') ?? 0;
