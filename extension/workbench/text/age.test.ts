import { expect, it } from 'vitest';
import { formatAge } from './age.ts';

it('is as coarse as a person would say it', () => {
  const ages = [-5, 59_000, 61_000, 3 * 3_600_000, 49 * 3_600_000].map((ms) => formatAge(0, ms));
  expect(ages).toEqual(['just now', 'just now', '1 min', '3 h', '2 d']);
});
