import { expect, it } from 'vitest';
import { anchorAt, RowHeights, rowWindow, topOf } from './row-window.ts';

const rows = (count: number, from = 1) => Array.from({ length: count }, (_, index) => ({ id: from + index }));

it('draws what is in view and a margin, and leaves the space of the rest', () => {
  const window = rowWindow(rows(5_000), new RowHeights(), 22_000, 440);
  expect(window.first).toBe(990);
  expect(window.end).toBe(1_030);
  expect(window.before).toBe(990 * 22);
  expect(window.before + window.after + (window.end - window.first) * 22).toBe(5_000 * 22);
});

it('uses measured heights and forgets those of dropped rows', () => {
  const heights = new RowHeights();
  expect(heights.set(1, 100)).toBe(true);
  expect(heights.set(1, 100)).toBe(false);
  expect(topOf(rows(10), heights, 3)).toBe(122);
  heights.forgetBefore(2);
  expect(heights.of(1)).toBe(22);
});

it('finds the row that stays in place, also after older ones were dropped', () => {
  const heights = new RowHeights();
  const anchor = anchorAt(rows(100), heights, 50 * 22 + 5);
  expect(anchor).toEqual({ id: 51, offset: 5 });
  expect(topOf(rows(80, 21), heights, 51) + 5).toBe(30 * 22 + 5);
  expect(topOf(rows(10, 91), heights, 51)).toBe(0);
});

it('draws nothing of nothing', () => {
  expect(rowWindow([], new RowHeights(), 0, 400)).toEqual({ first: 0, end: 0, before: 0, after: 0 });
  expect(anchorAt([], new RowHeights(), 0)).toBeUndefined();
});
