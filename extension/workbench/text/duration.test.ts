import { expect, it } from 'vitest';
import { formatDuration } from './duration.ts';

it('has the unit that fits', () => {
  expect([0, 47.6, 999, 1_240, 59_900, 125_000, -3].map(formatDuration)).toEqual([
    '0 ms',
    '48 ms',
    '999 ms',
    '1.2 s',
    '59.9 s',
    '2 min 5 s',
    '0 ms',
  ]);
});
