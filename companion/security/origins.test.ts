import { expect, test } from 'vitest';
import { matchesOrigin } from './origins.ts';

test.each([
  ['http://localhost:3000', ['http://localhost:3000'], true],
  ['http://localhost:3001', ['http://localhost:3000'], false],
  ['https://a.stackblitz.io', ['https://*.stackblitz.io'], true],
  ['https://a.b.stackblitz.io', ['https://*.stackblitz.io'], true],
  ['https://stackblitz.io', ['https://*.stackblitz.io'], false],
  ['https://evilstackblitz.io', ['https://*.stackblitz.io'], false],
  ['https://a.stackblitz.io.evil.example', ['https://*.stackblitz.io'], false],
  ['https://a.stackblitzxio', ['https://*.stackblitz.io'], false],
  ['http://localhost:5173', ['http://localhost:*'], true],
  ['http://localhost:5173.evil.example', ['http://localhost:*'], false],
  ['null', ['http://localhost:*'], false],
] as const)('attack 11: %s against %j is %s', (origin, patterns, expected) => {
  expect(matchesOrigin(origin, patterns)).toBe(expected);
});
