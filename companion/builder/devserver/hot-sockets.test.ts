import { expect, it } from 'vitest';
import { isHotSocket, isHotStream } from './hot-sockets.ts';

it.each([
  ['/__webpack_hmr', 'text/event-stream', true],
  ['/shop/__webpack_hmr?name=web', 'text/event-stream; charset=utf-8', true],
  ['/_next/webpack-hmr?page=/', 'text/event-stream', true],
  ['/events', 'text/event-stream', false],
  ['/__webpack_hmr', 'text/html', false],
])('of %s as %s it is %s that it is the dev server’s for hot updates', (url, type, isHot) => {
  expect(isHotStream(url, type)).toBe(isHot);
});

it('knows sockets for hot updates by their protocol and their paths', () => {
  expect(isHotSocket({ headers: { 'sec-websocket-protocol': 'vite-hmr' }, url: '/' })).toBe(true);
  expect(isHotSocket({ headers: {}, url: '/_next/hmr?id=1' })).toBe(true);
  expect(isHotSocket({ headers: {}, url: '/chat' })).toBe(false);
});
