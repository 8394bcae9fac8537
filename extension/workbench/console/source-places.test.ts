import { expect, it } from 'vitest';
import { printPlace, sourcePlaces } from './source-places.ts';

const places = (text: string) =>
  sourcePlaces(text, '/w/cart').flatMap(({ text: shown, place }) =>
    place ? [[shown, place.path, place.line, place.column]] : [],
  );

it('finds places in the source, however they are written', () => {
  expect(places('at Badge (src/cart/badge.tsx:14:22)')).toEqual([
    ['src/cart/badge.tsx:14:22', 'src/cart/badge.tsx', 14, 22],
  ]);
  expect(places('at /w/cart/server/main.ts:3')).toEqual([
    ['/w/cart/server/main.ts:3', 'server/main.ts', 3, undefined],
  ]);
  expect(places('http://cart.localhost:4000/src/app.tsx?t=12:5:1')[0]?.slice(1)).toEqual([
    'src/app.tsx',
    5,
    1,
  ]);
});

it('leaves alone what lies outside the worktree, in packages, or is no place', () => {
  expect(places('/etc/x.ts:1:2 node_modules/react/index.js:1:1 ../up/x.ts:1 main.ts:1 12:30:45')).toEqual([]);
});

it('gives the whole text back, quickly, whatever it holds', () => {
  const text = `${'a/b.ts:1 '.repeat(2_000)}${'('.repeat(5_000)}${'x/'.repeat(5_000)}`;
  const started = performance.now();
  expect(
    sourcePlaces(text, '/w')
      .map((part) => part.text)
      .join(''),
  ).toBe(text);
  expect(performance.now() - started).toBeLessThan(500);
});

it.each([
  [
    'src/cart/app.tsx:12:7',
    {
      file: 'app.tsx',
      line: 12,
      whole: 'src/cart/app.tsx:12',
      place: { path: 'src/cart/app.tsx', line: 12, column: 7 },
    },
  ],
  [
    'main.js:1:1',
    { file: 'main.js', line: 1, whole: 'main.js:1', place: { path: 'main.js', line: 1, column: 1 } },
  ],
  [
    'http://x.localhost:1/node_modules/.vite/deps/react.js?v=1:9:9',
    { file: 'react.js', line: 9, whole: 'http://x.localhost:1/node_modules/.vite/deps/react.js?v=1:9' },
  ],
  ['nowhere', undefined],
])('tells where a line was printed: %s', (printed, expected) => {
  expect(printPlace(printed)).toEqual(expected);
});
