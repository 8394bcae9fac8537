import { expect, it } from 'vitest';
import { podUrl, serverUrl } from './reach-pod-ports.ts';

const page = { href: 'http://blue.localhost:9000/cart', port: '9000' };

it('leads a socket to another port of this machine to the pod', () => {
  const there = 'ws://blue.localhost:9000/__vitrine/port/24678/hmr?token=1';
  expect(podUrl('ws://localhost:24678/hmr?token=1', page, 'ws')).toBe(there);
  expect(podUrl(new URL('wss://127.0.0.1:24678/hmr?token=1'), page, 'ws')).toBe(there);
  expect(podUrl('ws://blue.localhost:24678/hmr?token=1', page, 'ws')).toBe(there);
});

it('leaves every other socket as it is', () => {
  for (const url of [
    '/ws',
    'ws://blue.localhost:9000/ws',
    'wss://example.org:8080/',
    'ws://localhost/',
    '//[',
  ])
    expect(podUrl(url, page, 'ws')).toBeNull();
});

it('leads a script of another port to the pod', () => {
  const there = 'http://blue.localhost:9000/__vitrine/port/35729/livereload.js?snipver=1';
  expect(podUrl('//localhost:35729/livereload.js?snipver=1', page, 'http')).toBe(there);
});

it('leads what is asked by the server’s own port to the preview, and nothing else', () => {
  const there = 'http://blue.localhost:9000/__parcel_code_frame';
  expect(serverUrl('http://blue.localhost:4173/__parcel_code_frame', page, 4173)).toBe(there);
  expect(serverUrl('http://localhost:54321/rest', page, 4173)).toBeNull();
  expect(serverUrl('http://localhost:4173/rest', page, undefined)).toBeNull();
  expect(serverUrl('/rest', page, 4173)).toBeNull();
});
