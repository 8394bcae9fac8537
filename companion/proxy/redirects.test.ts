import { expect, test } from 'vitest';
import { adaptRedirect } from './redirects.ts';

const ORIGIN = 'http://demo.localhost:4000';
const adapt = (value: string, name = 'location') => adaptRedirect(name, value, 3000, ORIGIN);

test.each([
  ['http://localhost:3000/a?b#c', `${ORIGIN}/a?b#c`],
  ['HTTPS://LocalHost:3000/a', `${ORIGIN}/a`],
  ['http://127.0.0.1:3000', ORIGIN],
  ['http://127.0.0.1:3000?x', `${ORIGIN}?x`],
  ['http://[::1]:3000/a', `${ORIGIN}/a`],
  ['http://0.0.0.0:3000/a', `${ORIGIN}/a`],
  ['//localhost:3000/a', `${ORIGIN}/a`],
])('%s leads to the preview', (value, expected) => {
  expect(adapt(value)).toBe(expected);
  expect(adapt(value, 'content-location')).toBe(expected);
});

test('where a frontend is developed is the preview, too', () => {
  const both = (value: string) => adaptRedirect('location', value, [3000, 5173], ORIGIN);
  expect(both('http://localhost:5173/home')).toBe(`${ORIGIN}/home`);
  expect(both('http://localhost:3000/home')).toBe(`${ORIGIN}/home`);
  expect(both('http://localhost:5174/home')).toBe('http://localhost:5174/home');
});

test.each([
  '/a',
  'a',
  '?x',
  'http://localhost:3001/a',
  'http://localhost/a',
  'http://localhost:30000/a',
  'http://localhost:3000.evil.example/a',
  'http://localhost:3000@evil.example/a',
  'http://evil.example/http://localhost:3000/',
  'https://example.org/a',
  '//example.org/a',
])('%s is left alone', (value) => {
  expect(adapt(value)).toBe(value);
});

test('a backend on port 80 is its own address without a port', () => {
  expect(adaptRedirect('location', 'http://localhost/a', 80, ORIGIN)).toBe(`${ORIGIN}/a`);
});

test.each([
  ['5; url=http://localhost:3000/a', `5; url=${ORIGIN}/a`],
  ["0;URL='http://127.0.0.1:3000/a'", `0;URL='${ORIGIN}/a'`],
  ['5', '5'],
  ['5; url=/a', '5; url=/a'],
])('Refresh: %s', (value, expected) => {
  expect(adapt(value, 'refresh')).toBe(expected);
});
