import { describe, expect, it } from 'vitest';
import { fitWidth, hasRoomBeside, widthForKey, widthLimits } from './panel-width.ts';

const press = (key: string, shiftKey = false) => ({ key, shiftKey });

describe('the panel’s width', () => {
  it('is a share of the window at first', () => {
    expect(fitWidth(undefined, 1400)).toBe(588);
  });

  it('leaves the board its least width, and is never narrower than its own', () => {
    expect(fitWidth(5_000, 1400)).toBe(1040);
    expect(fitWidth(10, 1400)).toBe(320);
  });

  it('covers the board where a window has no room for both, and never more than the window', () => {
    expect(hasRoomBeside(679)).toBe(false);
    expect(hasRoomBeside(680)).toBe(true);
    expect(fitWidth(600, 500)).toBe(320);
    expect(widthLimits(280)).toEqual({ min: 280, max: 280 });
  });

  it('follows the keys: towards the board is wider', () => {
    expect(widthForKey(press('ArrowLeft'), 500, 1400)).toBe(516);
    expect(widthForKey(press('ArrowRight'), 500, 1400)).toBe(484);
    expect(widthForKey(press('ArrowLeft', true), 500, 1400)).toBe(564);
    expect(widthForKey(press('Home'), 500, 1400)).toBe(320);
    expect(widthForKey(press('End'), 500, 1400)).toBe(1040);
    expect(widthForKey(press('c'), 500, 1400)).toBeUndefined();
  });
});
