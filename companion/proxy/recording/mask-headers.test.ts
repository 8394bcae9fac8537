import { expect, test } from 'vitest';
import { maskHeaders } from './mask-headers.ts';

test.each([
  ['Authorization', 'Bearer abc.def', 'Bearer ••••'],
  ['authorization', 'Basic dXNlcjpwYXNz', 'Basic ••••'],
  ['AUTHORIZATION', 'justatoken', '••••'],
  ['Authorization', 'Digest username="a", response="b"', 'Digest ••••'],
  ['Proxy-Authorization', 'Basic x', 'Basic ••••'],
  ['Cookie', 'sid=abc; theme=a=b; lonely', 'sid=••••; theme=••••;••••'],
  ['Set-Cookie', 'sid=abc; Path=/; HttpOnly; Max-Age=5', 'sid=••••; Path=/; HttpOnly; Max-Age=5'],
  ['X-API-Key', 'k', '••••'],
  ['X-Isolated-Auth', 'k', '••••'],
  ['Accept', 'text/html', 'text/html'],
])('%s: %s', (name, value, shown) => {
  expect(maskHeaders([name, value])).toEqual([[name, shown]]);
});

test('lines keep their order, several of a name too', () => {
  expect(maskHeaders(['B', '1', 'A', '2', 'B', '3'])).toEqual([
    ['B', '1'],
    ['A', '2'],
    ['B', '3'],
  ]);
});
