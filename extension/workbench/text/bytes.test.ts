import { expect, it } from 'vitest';
import { formatBytes } from './bytes.ts';

it('has the unit that fits', () => {
  expect([-1, 0, 999, 8_312, 1_230_000, 2_500_000_000].map(formatBytes)).toEqual([
    '0 B',
    '0 B',
    '999 B',
    '8.3 kB',
    '1.2 MB',
    '2.50 GB',
  ]);
});
