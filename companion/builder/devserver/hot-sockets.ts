import type { IncomingMessage } from 'node:http';

/** Vite's say so themselves; the others are known by their paths: Next, webpack and Angular, Rsbuild, older webpack. */
const PROTOCOL = /\bvite-hmr\b/;
const PATHS = /^\/(?:_next\/(?:webpack-)?hmr|ws|ng-cli-ws|rsbuild-hmr|sockjs-node)(?:[/?]|$)/;

/** Of webpack-hot-middleware, which Gatsby has as well, and of Next before it had sockets. */
const STREAMS = /\/(?:__webpack_hmr|webpack-hmr)(?:[/?]|$)/;

/** Whether an event stream is a dev server's for hot updates, and not one of the app's. */
export const isHotStream = (url = '/', contentType = ''): boolean =>
  /^text\/event-stream\b/.test(contentType) && STREAMS.test(url);

/** Whether a page's socket is its dev server's for hot updates, and not one of the app's. */
export const isHotSocket = ({ headers, url = '/' }: Pick<IncomingMessage, 'headers' | 'url'>): boolean =>
  PROTOCOL.test(String(headers['sec-websocket-protocol'] ?? '')) || PATHS.test(url);
