import type { Plugin } from 'vite';
import { HOT_READY_SYMBOL, HOT_SOCKET_SYMBOL } from '#shared/frame/page.ts';

const CLIENT = /\/vite\/dist\/client\/client\.mjs$/;

/**
 * Gives Vite's client in the page another WebSocket than the browser's: one that outlives this process, carried by
 * the page's live connection. On the client's first line, so that its source map holds.
 */
export function bridgeClient(): Plugin {
  return {
    name: 'vitrine:hot-client',
    enforce: 'post',
    transform(code, id) {
      if (!CLIENT.test(id.split('?', 1)[0] ?? id)) return null;
      const socket = `const WebSocket=globalThis[Symbol.for(${JSON.stringify(HOT_SOCKET_SYMBOL)})]??globalThis.WebSocket;`;
      const ready = `globalThis[Symbol.for(${JSON.stringify(HOT_READY_SYMBOL)})]?.(createHotContext('/@vitrine'));`;
      return { code: `${socket}${code}\n${ready}\n`, map: null };
    },
  };
}
