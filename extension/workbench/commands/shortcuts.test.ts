import { expect, it } from 'vitest';
import { shortcutFor } from './shortcuts.ts';

const press = (key: string, change: Partial<KeyboardEvent> = {}) => ({
  key,
  code: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...change,
});

it('takes keys for what they are meant', () => {
  expect(shortcutFor(press('k', { ctrlKey: true }), true)).toBe('palette');
  expect(shortcutFor(press('K', { metaKey: true }), false)).toBe('palette');
  expect(shortcutFor(press('?', { shiftKey: true }), false)).toBe('help');
  expect(shortcutFor(press('¡', { altKey: true, code: 'Digit1' }), true)).toBe('console');
});

it('leaves alone what is typed', () => {
  expect(shortcutFor(press('?', { shiftKey: true }), true)).toBeUndefined();
  expect(shortcutFor(press('k'), true)).toBeUndefined();
  expect(shortcutFor(press('1', { code: 'Digit1' }), false)).toBeUndefined();
  expect(shortcutFor(press('@', { ctrlKey: true, altKey: true, code: 'Digit2' }), true)).toBeUndefined();
});
