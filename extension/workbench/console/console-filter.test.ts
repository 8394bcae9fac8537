import { expect, it } from 'vitest';
import { makeEntry } from '../testing/sample-data.ts';
import { filterLines, NO_FILTER } from './console-filter.ts';

const lines = [
  makeEntry({ source: 'browser', level: 'error', text: 'Cannot read Cart' }),
  makeEntry({ source: 'server', level: 'info', text: 'GET /cart' }),
  makeEntry({ source: 'vitrine', level: 'warn', text: 'backend ended' }),
  makeEntry({ source: 'browser', level: 'debug', text: 'render' }),
].map((entry, id) => ({ id, entry }));

const ids = (change: Partial<typeof NO_FILTER>) =>
  filterLines(lines, { ...NO_FILTER, ...change }).map(({ id }) => id);

it('lets everything through without a filter, without a copy', () => {
  expect(filterLines(lines, NO_FILTER)).toBe(lines);
});

it('filters by source; what Vitrine says is on the server side', () => {
  expect(ids({ source: 'browser' })).toEqual([0, 3]);
  expect(ids({ source: 'server' })).toEqual([1, 2]);
});

it('filters by level and by text in any case', () => {
  expect(ids({ level: 'info' })).toEqual([0, 1, 2]);
  expect(ids({ level: 'warn' })).toEqual([0, 2]);
  expect(ids({ level: 'error' })).toEqual([0]);
  expect(ids({ query: 'CART' })).toEqual([0, 1]);
});
