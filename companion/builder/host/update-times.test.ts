import { expect, it } from 'vitest';
import { RateLimit } from './rate-limit.ts';
import { UpdateTimes } from './update-times.ts';

it('measures a change once, however many pages apply it', () => {
  const times = new UpdateTimes();
  times.changed();
  times.sent(3);
  expect(times.applied(3)).toBeGreaterThanOrEqual(0);
  expect(times.applied(3)).toBeNull();
  times.sent(4);
  expect(times.applied(4)).toBeNull();
});

it('lets through so many a second and no more', () => {
  const limit = new RateLimit(3);
  expect([1, 2, 3, 4, 5].map(() => limit.take())).toEqual([true, true, true, false, false]);
});
