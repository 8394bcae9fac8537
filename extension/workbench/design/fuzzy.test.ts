import { expect, it } from 'vitest';
import { bestMatches } from './fuzzy.ts';

const paths = [
  'src/cart/cart-badge.tsx',
  'src/app.tsx',
  'package.json',
  'src/cart/index.ts',
  'docs/cartography.md',
];
const best = (typed: string) => bestMatches(paths, typed, (path) => path, 10);

it('finds by letters in order, words and beginnings first', () => {
  expect(best('badge')).toEqual(['src/cart/cart-badge.tsx']);
  expect(best('app tsx')[0]).toBe('src/app.tsx');
  expect(best('cartindex')[0]).toBe('src/cart/index.ts');
  expect(best('zzz')).toEqual([]);
  expect(best('')).toEqual(paths);
});

it('is quick among twenty thousand files', () => {
  const many = Array.from(
    { length: 20_000 },
    (_, index) => `packages/app-${index}/src/components/button-${index}.tsx`,
  );
  const started = performance.now();
  bestMatches(many, 'cmpbtn199', (path) => path, 50);
  expect(performance.now() - started).toBeLessThan(300);
});
