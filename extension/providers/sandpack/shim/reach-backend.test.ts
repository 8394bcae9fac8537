import { expect, it } from 'vitest';
import { backendUrl } from './reach-backend.ts';

const page = { href: 'http://blue.localhost:9000/cart', port: '9000' };

it('leads what is asked of the backend’s port to the preview, and nothing else', () => {
  const there = 'http://blue.localhost:9000/api/items?of=1';
  expect(backendUrl('http://localhost:3001/api/items?of=1', page, 3001)).toBe(there);
  expect(backendUrl(new URL('http://127.0.0.1:3001/api/items?of=1'), page, 3001)).toBe(there);
  expect(backendUrl('ws://localhost:3001/live', page, 3001)).toBe('ws://blue.localhost:9000/live');
  for (const url of [
    'http://localhost:3002/api',
    'https://example.org:3001/',
    '/api/items',
    'ws://localhost/',
  ])
    expect(backendUrl(url, page, 3001)).toBeNull();
});
