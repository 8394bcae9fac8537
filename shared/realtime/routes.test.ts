import { expect, test } from 'vitest';
import { MAX_ROUTES, mergeRoutes, viewOf } from './routes.ts';

test('a view is its path, and its hash where a router keeps its routes there', () => {
  expect(viewOf('/cart?page=2#top')).toBe('/cart');
  expect(viewOf('/#/cart?page=2')).toBe('/#/cart');
  expect(viewOf('/app.html#!/a')).toBe('/app.html#!/a');
});

test('routes are kept once, the first ones first, and no more than so many', () => {
  expect(mergeRoutes(['/b'], ['/a', '/b?x', '/c'])).toEqual(['/b', '/a', '/c']);
  const many = Array.from({ length: 500 }, (_each, index) => `/${index}`);
  expect(mergeRoutes(many, ['/new'])).toHaveLength(MAX_ROUTES);
});
