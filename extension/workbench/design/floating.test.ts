import { expect, it } from 'vitest';
import { placeFloating } from './floating.ts';

const narrow = { width: 360, height: 600 };

it('goes under its anchor, aligned to its start or end', () => {
  const anchor = { left: 100, right: 128, top: 10, bottom: 38 };
  const box = { width: 80, height: 50 };
  expect(placeFloating(anchor, box, narrow, 'start')).toEqual({ left: 100, top: 42 });
  expect(placeFloating(anchor, box, narrow, 'end')).toEqual({ left: 48, top: 42 });
});

it('stays inside the window', () => {
  const anchor = { left: 330, right: 358, top: 10, bottom: 38 };
  expect(placeFloating(anchor, { width: 240, height: 50 }, narrow, 'start').left).toBe(112);
  expect(
    placeFloating({ ...anchor, left: 2, right: 30 }, { width: 240, height: 50 }, narrow, 'end').left,
  ).toBe(8);
});

it('goes above where there is no room below', () => {
  const anchor = { left: 10, right: 38, top: 560, bottom: 588 };
  expect(placeFloating(anchor, { width: 80, height: 100 }, narrow, 'start').top).toBe(456);
});
