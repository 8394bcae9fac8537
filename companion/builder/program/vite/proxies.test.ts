import { expect, it } from 'vitest';
import { rewritten, rewrittenContexts, throughWayOut } from './proxies.ts';

const proxies = {
  '/plain': 'http://localhost:1',
  '/api': { target: 'http://localhost:2', rewrite: (path: string) => path.replace(/^\/api/, '') },
  '^/v[0-9]+/': { target: 'http://localhost:3', rewrite: (path: string) => `/versions${path}` },
};

it('rewrites a path as the first proxy that takes it does', () => {
  expect(['/api/users?a=1', '/plain/x', '/v2/y', '/other'].map((url) => rewritten(proxies, url))).toEqual([
    '/users?a=1',
    '/plain/x',
    '/versions/v2/y',
    '/other',
  ]);
  expect(rewrittenContexts(proxies)).toEqual(['/api', '^/v[0-9]+/']);
});

it('leads to other hosts by the way out, and to its own sandbox directly', () => {
  const led = throughWayOut({ ...proxies, '/far': 'https://api.example.org' });
  expect(led?.['/plain']).toBe('http://localhost:1');
  expect(led?.['/far']).toMatchObject({ target: 'https://api.example.org', agent: expect.anything() });
});
