import { expect, it } from 'vitest';
import { timeLabels } from './time-labels.ts';

const DAY_S = 86_400;
const marks = (count: number, step: number) => Array.from({ length: count }, (_, index) => index * step);

it('names no two marks of an axis alike, however close they are', () => {
  for (const step of [1, 15, 30, 60, 600, 3_600, DAY_S]) {
    const labels = timeLabels(marks(6, step));
    expect(new Set(labels).size, `${step} s apart: ${labels.join(' ')}`).toBe(6);
  }
});

it('tells seconds only where they differ', () => {
  expect(timeLabels(marks(3, 30))[0]).toMatch(/^\d\d:\d\d:\d\d$/);
  expect(timeLabels(marks(3, 60))[0]).toMatch(/^\d\d:\d\d$/);
  expect(timeLabels([5])).toHaveLength(1);
});
