import { expect, test } from 'vitest';
import { adaptSetCookie } from './backend-cookies.ts';

test('a backend’s cookie stays on the environment’s host and works in a frame', () => {
  expect(adaptSetCookie('sid=a=b; Path=/; HttpOnly; Domain=.example.com; SameSite=Lax; Max-Age=60')).toBe(
    'sid=a=b; Path=/; HttpOnly; Max-Age=60; Secure; SameSite=None; Partitioned',
  );
});
