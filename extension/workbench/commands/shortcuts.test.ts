import { afterEach, describe, expect, it } from 'vitest';
import { languageChoice } from '../text/language.ts';
import { combinationOf, isCombination, shownKeys } from './combination.ts';
import {
  isChanged,
  keysOf,
  parseChosen,
  resetAllKeys,
  resetKeys,
  SHORTCUT_NAMES,
  setKeys,
  shortcutFor,
  shortcutKeys,
  shortcutOf,
} from './shortcuts.ts';

const press = (key: string, change: Partial<KeyboardEvent> = {}) => ({
  key,
  code: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...change,
});

afterEach(() => {
  resetAllKeys();
  languageChoice.value = 'system';
});

it('takes keys for what they are meant', () => {
  expect(shortcutFor(press('k', { ctrlKey: true }), true)).toBe('palette');
  expect(shortcutFor(press('k', { metaKey: true }), false, true)).toBe('palette');
  expect(shortcutFor(press('?', { shiftKey: true }), false)).toBe('help');
  expect(shortcutFor(press('p', { ctrlKey: true }), true)).toBe('quick-open');
  expect(shortcutFor(press('F', { ctrlKey: true, shiftKey: true }), true)).toBe('search');
  expect(shortcutFor(press('z', { ctrlKey: true }), false)).toBe('undo');
  expect(shortcutFor(press('¡', { altKey: true, code: 'Digit1' }), true)).toBe('console');
});

it('leaves alone what is typed', () => {
  expect(shortcutFor(press('?', { shiftKey: true }), true)).toBeUndefined();
  expect(shortcutFor(press('z', { ctrlKey: true }), true)).toBeUndefined();
  expect(shortcutFor(press('k'), true)).toBeUndefined();
  expect(shortcutFor(press('1', { code: 'Digit1' }), false)).toBeUndefined();
  expect(shortcutFor(press('@', { ctrlKey: true, altKey: true, code: 'Digit2' }), true)).toBeUndefined();
});

it('leaves the keys of code to the code', () => {
  expect(shortcutFor(press('s', { ctrlKey: true }), true)).toBeUndefined();
  expect(shortcutFor(press('F7'), false)).toBeUndefined();
});

describe('a combination', () => {
  it('is the same on keyboards where a digit needs Shift or Alt writes another sign', () => {
    expect(combinationOf(press('&', { altKey: true, code: 'Digit1' }))).toBe('Alt+1');
    expect(combinationOf(press('@', { altKey: true, code: 'KeyL' }))).toBe('Alt+L');
    expect(combinationOf(press('Dead', { altKey: true, code: 'KeyE' }))).toBe('Alt+E');
    expect(combinationOf(press('л', { ctrlKey: true, code: 'KeyK' }))).toBe('Mod+K');
  });

  it('follows the letter on the key, not the place, where there is one', () => {
    expect(combinationOf(press('z', { ctrlKey: true, code: 'KeyY' }))).toBe('Mod+Z');
    expect(combinationOf(press('ö', { ctrlKey: true, code: 'Semicolon' }))).toBe('Mod+Ö');
  });

  it('does not name Shift for a sign, which is elsewhere on each keyboard', () => {
    expect(combinationOf(press('?', { shiftKey: true, code: 'Minus' }))).toBe('?');
    expect(combinationOf(press('G', { shiftKey: true, code: 'KeyG' }))).toBe('Shift+G');
  });

  it('is none while only Ctrl, Alt or Shift are held, or an accent begins', () => {
    expect(combinationOf(press('Control', { ctrlKey: true }))).toBeUndefined();
    expect(combinationOf(press('AltGraph'))).toBeUndefined();
    expect(combinationOf(press('Dead', { code: 'Equal' }))).toBeUndefined();
  });

  it('keeps Control and Command apart where there are both', () => {
    expect(combinationOf(press('k', { ctrlKey: true }), true)).toBe('Ctrl+K');
    expect(combinationOf(press('k', { metaKey: true }), true)).toBe('Mod+K');
    expect(combinationOf(press('k', { metaKey: true }), false)).toBe('Meta+K');
  });

  it('is named as the platform and the language do', () => {
    expect(shownKeys('Mod+Shift+F', true)).toBe('⌘+⇧+F');
    expect(shownKeys('Mod+Plus', false)).toBe('Ctrl++');
    languageChoice.value = 'de';
    expect(shownKeys('Mod+Shift+F', false)).toBe('Strg+Umschalt+F');
  });
});

describe('keys of one’s own', () => {
  it('take the place of the first ones, on screen and for screen readers', () => {
    setKeys('console', 'Mod+J');
    expect(shortcutFor(press('j', { ctrlKey: true }), true)).toBe('console');
    expect(shortcutFor(press('1', { altKey: true, code: 'Digit1' }), true)).toBeUndefined();
    expect(shortcutKeys('console')).toEqual({ shown: 'Ctrl+J', aria: 'Control+J' });
    expect(isChanged('console')).toBe(true);
  });

  it('are taken from whatever else had them', () => {
    setKeys('console', 'Alt+2');
    expect(keysOf('network')).toBeUndefined();
    expect(shortcutOf('network')).toBe('');
    resetKeys('network');
    expect(keysOf('network')).toBe('Alt+2');
    expect(keysOf('console')).toBeUndefined();
  });

  it('can be none, and go back to the first ones one by one or all together', () => {
    setKeys('help', null);
    setKeys('palette', 'Alt+K');
    expect(shortcutFor(press('?', { shiftKey: true }), false)).toBeUndefined();
    resetKeys('help');
    expect(keysOf('help')).toBe('?');
    expect(keysOf('palette')).toBe('Alt+K');
    resetAllKeys();
    expect(SHORTCUT_NAMES.filter(isChanged)).toEqual([]);
  });

  it('are as if they were not there where the storage holds something else', () => {
    expect(parseChosen('[')).toEqual({});
    expect(parseChosen('"Mod+K"')).toEqual({});
    expect(parseChosen('{"palette":"Hyper+<b>x","help":1}')).toEqual({});
    expect(
      parseChosen('{"palette":"Alt+K","help":null,"gone":"Alt+G","__proto__":{"save":"Alt+S"}}'),
    ).toEqual({
      palette: 'Alt+K',
      help: null,
    });
    expect(isCombination('Mod+Shift+F')).toBe(true);
  });
});
