import { expect, it } from 'vitest';
import { formatDuration } from './duration.ts';

it('has the unit that fits', () => {
  expect(
    [0, 47.6, 999, 1_240, 59_900, 59_960, 125_000, 1_740_000, 3_599_900, 12_000_000, -3].map(formatDuration),
  ).toEqual([
    '0 ms',
    '48 ms',
    '999 ms',
    '1.2 s',
    '59.9 s',
    '1 min',
    '2 min 5 s',
    '29 min',
    '1 h',
    '3 h 20 min',
    '0 ms',
  ]);
});
