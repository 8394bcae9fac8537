import { expect, it } from 'vitest';
import { sparklinePoints } from './sparkline.tsx';

it('draws values from left to right, nothing at the foot and the most at the top', () => {
  expect(sparklinePoints([0, 50, 100], 100)).toBe('0.0,19.0 32.0,10.0 64.0,1.0');
  expect(sparklinePoints([300], 100)).toBe('0.0,1.0');
  expect(sparklinePoints([], 100)).toBe('');
  expect(sparklinePoints([0, 0], 0)).toBe('0.0,19.0 64.0,19.0');
});
