import { expect, it } from 'vitest';
import { indexOfId, RowHeights } from './row-heights.ts';

const rows = (count: number, from = 1) => Array.from({ length: count }, (_, index) => ({ id: from + index }));

it('draws what is in view and a margin, and leaves the space of the rest', () => {
  const heights = new RowHeights();
  const window = heights.window(rows(5_000), 22_000, 440);
  expect(window.first).toBeGreaterThanOrEqual(990);
  expect(window.first).toBeLessThan(1_000);
  expect(window.end).toBeGreaterThan(1_020);
  expect(window.end).toBeLessThanOrEqual(1_030);
  expect(window.before).toBe(window.first * 22);
  expect(window.before + window.after + (window.end - window.first) * 22).toBe(5_000 * 22);
});

it('uses measured heights, whatever the order they come in, and forgets those of dropped rows', () => {
  const heights = new RowHeights();
  expect(heights.set(5, 40)).toBe(true);
  expect(heights.set(1, 100)).toBe(true);
  expect(heights.set(1, 100)).toBe(false);
  expect(heights.topOf(rows(10), 2)).toBe(122);
  expect(heights.topOf(rows(10), 10)).toBe(220 + 78 + 18);
  expect(heights.set(1, 22)).toBe(true);
  expect(heights.topOf(rows(10), 2)).toBe(44);
  heights.forgetBefore(6);
  expect(heights.of(5)).toBe(22);
  expect(heights.topOf(rows(10, 6), 10)).toBe(220);
});

it('finds the row at a height, also beyond the ends and among none', () => {
  const heights = new RowHeights();
  heights.set(2, 200);
  expect([-50, 0, 22, 221, 222, 1e9].map((y) => heights.indexAt(rows(10), y))).toEqual([0, 0, 1, 1, 2, 9]);
  expect(heights.window([], 500, 400)).toEqual({ first: 0, end: 0, before: 0, after: 0 });
});

it('finds a row by its number where others are filtered out', () => {
  const some = [{ id: 3 }, { id: 7 }, { id: 20 }];
  expect([1, 3, 4, 20, 21].map((id) => indexOfId(some, id))).toEqual([0, 0, 1, 2, 3]);
});

it('answers quickly among a hundred thousand rows of which half were measured', () => {
  const many = rows(100_000);
  const heights = new RowHeights();
  for (let id = 1; id <= 50_000; id++) heights.set(id, 38);
  const started = performance.now();
  for (let step = 0; step < 1_000; step++) heights.window(many, step * 2_000, 800);
  expect(performance.now() - started).toBeLessThan(500);
});
